import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compareNames, segmentsOf } from '../../../storage/path.ts';
import { encodePath, parseBase } from '../../../storage/webhdfs/url.ts';

const name = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .filter((text) => !/[/:\0]/.test(text) && text !== '.' && text !== '..' && Buffer.from(text).toString() === text);
const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => `/${names.join('/')}`);

describe('a path in a URL', () => {
  it.each([
    ['/', '/'],
    ['/w/t/dt=2026-01-01 00%3A00%3A00', '/w/t/dt=2026-01-01%2000%253A00%253A00'],
    ['/%', '/%25'],
    ['/a+b&c#d?e', '/a%2Bb%26c%23d%3Fe'],
    [`/{x}[y](z)'"!*`, '/%7Bx%7D%5By%5D%28z%29%27%22%21%2A'],
    ['/ü/😀', '/%C3%BC/%F0%9F%98%80'],
  ])('case 8, 9: %s is %s', (literal, encoded) => {
    expect(encodePath(literal)).toBe(encoded);
  });

  it('case 9: decoded once by a server it is the literal path, whatever it holds', () => {
    fc.assert(
      fc.property(path, (literal) => {
        const { pathname } = new URL(`http://h${encodePath(literal)}`);
        expect(decodeURIComponent(pathname)).toBe(literal);
        expect(pathname).toMatch(/^[A-Za-z0-9%/._~=-]*$/);
      }),
    );
  });

  it.each([
    ['http://nn1:9870', { protocol: 'http', host: 'nn1', port: '9870', path: '/webhdfs/v1' }],
    ['https://nn1', { protocol: 'https', host: 'nn1', port: '443', path: '/webhdfs/v1' }],
    ['http://nn1', { protocol: 'http', host: 'nn1', port: '80', path: '/webhdfs/v1' }],
    ['http://[::1]:9870/', { protocol: 'http', host: '::1', port: '9870', path: '/webhdfs/v1' }],
    ['https://g:8443/gate/x/', { protocol: 'https', host: 'g', port: '8443', path: '/gate/x/webhdfs/v1' }],
    ['http://g:1/webhdfs/v1/', { protocol: 'http', host: 'g', port: '1', path: '/webhdfs/v1' }],
  ])('%s is where WebHDFS is served', (url, base) => {
    expect(parseBase(url)).toEqual(base);
  });
});

describe('segmentsOf', () => {
  it('takes a path apart', () => {
    expect(segmentsOf('/')).toEqual([]);
    expect(segmentsOf('/a/b%2Fc')).toEqual(['a', 'b%2Fc']);
  });

  it.each(['', 'a', 'a/b', '//', '/a/', '/a//b', '/.', '/a/..', '/a:b', '/a\0b', '/\uDC00'])('refuses %j', (text) => {
    expect(() => segmentsOf(text)).toThrow('not an absolute HDFS path');
  });
});

describe('compareNames', () => {
  it('is an order by signed bytes', () => {
    const names = ['b', 'a', 'aa', 'ä', '~', '😀', 'Z', 'a='];
    expect(names.sort(compareNames)).toEqual(['ä', '😀', 'Z', 'a', 'a=', 'aa', 'b', '~']);
  });
});
