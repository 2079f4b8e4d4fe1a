import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeOf } from '../../../errors/ferry-error.ts';
import { formatSize, isSize, parseSize } from '../../../sync/size.ts';

describe('sizes', () => {
  it.each([
    ['1KiB', 1024],
    ['256MiB', 268_435_456],
    ['3GiB', 3_221_225_472],
    ['2TiB', 2_199_023_255_552],
    ['1536KiB', 1_572_864],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each([
    '',
    '256M',
    '256MB',
    '256mib',
    '256 MiB',
    '-1MiB',
    '+1MiB',
    '0MiB',
    '01MiB',
    '1.5GiB',
    'MiB',
    '256',
    '256MiB ',
    '9007199254740993KiB',
    '1e3MiB',
    '٣MiB',
  ])('%j is not a size', (text) => {
    expect(isSize(text)).toBe(false);
    let thrown: unknown;
    try {
      parseSize(text);
    } catch (error) {
      thrown = error;
    }
    expect(codeOf(thrown)).toBe('SPEC_INVALID');
    expect(String(thrown)).toContain(JSON.stringify(text));
  });

  it('prints the largest whole unit', () => {
    expect([1024, 1536 * 1024, 2 ** 28, 2 ** 30, 2 ** 41].map(formatSize)).toEqual([
      '1KiB',
      '1536KiB',
      '256MiB',
      '1GiB',
      '2TiB',
    ]);
    expect(formatSize(1000)).toBe('1000 bytes');
  });

  it('reads back what it prints', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 42 }), (kib) => parseSize(formatSize(kib * 1024)) === kib * 1024),
    );
  });
});
