import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineConfig } from '../../../config/define-config.ts';
import { ConfiguredCodec, configuredCodec } from '../../../config/payload-codec.ts';
import { resolveConfig } from '../../../config/resolved.ts';
import { codeOf, messageOf } from '../../../errors/ferry-error.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-codec-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** A codec in TypeScript that puts a letter before the data, and takes it away. */
const putting = (letter: string) => `{
  encode: async (all: { data: Buffer }[]) => all.map(({ data }) => ({ data: Buffer.concat([Buffer.from('${letter}'), data]) })),
  decode: async (all: { data: Buffer }[]) => all.map(({ data }) => {
    if (data.toString()[0] !== '${letter}') throw new Error('not ${letter}');
    return { data: data.subarray(1) };
  }),
}`;

async function thereAndBack(path: string): Promise<readonly string[]> {
  const codec = new ConfiguredCodec(path);
  const encoded = await codec.encode([{ data: Buffer.from('plain') }]);
  const decoded = await codec.decode(encoded);
  return [...encoded, ...decoded].map(({ data }) => Buffer.from(data ?? []).toString());
}

describe('the codec of a config', () => {
  it('is a module in TypeScript', async () => {
    expect(await thereAndBack(written('one.ts', `export default ${putting('x')};`))).toEqual(['xplain', 'plain']);
  });

  it('may be several, which decode in the reverse order', async () => {
    const path = written('two.ts', `export default [${putting('x')}, ${putting('y')}];`);
    expect(await thereAndBack(path)).toEqual(['yxplain', 'plain']);
  });

  it.each([
    ['there is no file', () => join(folder, 'gone.ts'), /gone\.ts/],
    [
      'it throws',
      () => written('throws.ts', `throw new Error('no key in the environment');`),
      /no key in the environment/,
    ],
    [
      'it exports nothing',
      () => written('none.ts', 'export const codec = 1;'),
      /it exports no PayloadCodec\. Its last words/,
    ],
    [
      'it exports half a codec',
      () => written('half.ts', 'export default { encode() {} };'),
      /it exports no PayloadCodec/,
    ],
    ['it exports an empty list', () => written('empty.ts', 'export default [];'), /it exports no PayloadCodec/],
  ])('is of no use when %s', async (_, path, says) => {
    const error = await new ConfiguredCodec(path()).ready().catch((thrown: unknown) => thrown);
    expect([codeOf(error), messageOf(error)]).toEqual(['CONFIG_INVALID', expect.stringMatching(says)]);
    expect(messageOf(error)).toMatch(/^temporal\.codec: \S+ cannot be used: /);
  });

  it('is seen from the folder of the config, and is none where none is named', () => {
    const cluster = { webhdfs: 'http://nn:9870', user: 'u', fileSystem: 'hdfs://nn', metastore: 'thrift://hms:9083' };
    const config = (codec: object) =>
      resolveConfig(defineConfig({ clusters: { a: cluster }, temporal: codec }), '/etc/ferry');
    expect(config({ codec: './codec.ts' }).temporal.codec).toBe('/etc/ferry/codec.ts');
    expect(configuredCodec(config({}))).toBeUndefined();
  });
});
