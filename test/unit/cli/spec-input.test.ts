import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { specInput, specOver } from '../../../cli/spec-input.ts';
import { codeOf, messageOf } from '../../../errors/ferry-error.ts';

const file = {
  table: 'a.b',
  source: 'x',
  target: { cluster: 'y', table: 'c.d', location: '/l' },
  nodes: { count: 8, memory: '64MiB' },
  where: "dt = '1'",
  rounds: 5,
};

describe('the command line over a file', () => {
  it.each<[string, Parameters<typeof specOver>, unknown]>([
    ['nothing more', [file, undefined, {}], file],
    ['another table', [file, 'e.f', {}], { ...file, table: 'e.f' }],
    ['another source', [file, undefined, { source: 'z' }], { ...file, source: 'z' }],
    ['half a size', [file, undefined, { nodes: '2' }], { ...file, nodes: { count: 2, memory: '64MiB' } }],
    [
      'another target cluster',
      [file, undefined, { target: 'z' }],
      { ...file, target: { cluster: 'z', table: 'c.d', location: '/l' } },
    ],
    [
      'another target table',
      [file, undefined, { targetTable: 'g.h' }],
      { ...file, target: { cluster: 'y', table: 'g.h', location: '/l' } },
    ],
    [
      "another target table on the file's target, not on the config's",
      [{ table: 'a.b', target: 'y' }, undefined, { targetTable: 'g.h' }, 'default'],
      { table: 'a.b', target: { cluster: 'y', table: 'g.h' } },
    ],
    [
      "another target table on the config's target",
      [{ table: 'a.b' }, undefined, { targetTable: 'g.h' }, 'default'],
      { table: 'a.b', target: { cluster: 'default', table: 'g.h' } },
    ],
    [
      'a target over a target',
      [{ table: 'a.b', target: 'y' }, undefined, { target: 'z' }],
      { table: 'a.b', target: 'z' },
    ],
    ['a field that is none stays for the check', [{ tabel: 'a.b' }, undefined, {}], { tabel: 'a.b', table: undefined }],
    ['a size that is none is replaced', [{ nodes: 4 }, 'a.b', { nodes: '2' }], { table: 'a.b', nodes: { count: 2 } }],
    ['a list stays for the check', [['a.b'], undefined, { source: 'z' }], ['a.b']],
    ['nothing at all stays for the check', [null, undefined, {}], null],
  ])('%s', (_, args, expected) => {
    expect(specOver(...args)).toEqual(expected);
  });
});

describe('the file of --spec', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-spec-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const put = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it.each<[string, string, string]>([
    ['YAML', 'a.yaml', 'table: a.b # a comment\npartitions: [dt=2026-01-01, dt=2026-01-02]\nprune: { percent: 25 }\n'],
    ['JSON', 'a.json', '{"table": "a.b", "partitions": ["dt=2026-01-01", "dt=2026-01-02"], "prune": {"percent": 25}}'],
    [
      'TypeScript',
      'a.ts',
      `import type { SyncSpec } from 'hive-ferry';
       const days: readonly string[] = ['01', '02'];
       export default { table: 'a.b', partitions: days.map((d) => \`dt=2026-01-\${d}\`), prune: { percent: 25 } } satisfies SyncSpec;\n`,
    ],
  ])('is %s', async (_, name, text) => {
    expect(await specInput(undefined, { spec: put(name, text) })).toEqual({
      table: 'a.b',
      partitions: ['dt=2026-01-01', 'dt=2026-01-02'],
      prune: { percent: 25 },
    });
  });

  it('keeps what looks like a date or a number in quotes as the text it is', async () => {
    expect(await specInput(undefined, { spec: put('b.yml', 'table: a.b\nwhere: 2026-01-01\nminAge: "10"\n') })).toEqual(
      {
        table: 'a.b',
        where: '2026-01-01',
        minAge: '10',
      },
    );
  });

  it.each<[string, string, string, RegExp]>([
    ['broken YAML', 'c.yaml', 'table: [a.b\nsource: x\n', /c\.yaml: .*line \d+, column \d+/s],
    ['a key twice', 'd.yaml', 'table: a.b\ntable: c.d\n', /d\.yaml: Map keys must be unique/],
    ['two documents', 'e.yaml', 'table: a.b\n---\ntable: c.d\n', /e\.yaml: .*multiple documents/],
    ['broken TypeScript', 'f.ts', 'export default {', /f\.ts/],
    ['no default export', 'g.ts', 'export const spec = {};', /g\.ts: it exports no spec/],
  ])('%s is told with its file', async (_, name, text, message) => {
    const error: unknown = await specInput(undefined, { spec: put(name, text) }).catch((reason: unknown) => reason);
    expect(codeOf(error)).toBe('SPEC_INVALID');
    expect(messageOf(error)).toMatch(message);
  });

  it('that is not there is told', async () => {
    await expect(specInput(undefined, { spec: join(folder, 'none.yaml') })).rejects.toMatchObject({
      code: 'SPEC_INVALID',
      message: expect.stringContaining('none.yaml'),
    });
  });

  it('has its schema replaced by what the file of --schema holds, or by the source', async () => {
    const spec = put('h.yaml', 'table: a.b\nschema: { columns: [{ name: id, type: int }] }\n');
    const schema = put('i.yaml', 'columns:\n  - { name: id, type: bigint }\nstoredAs: ORC\n');
    expect(await specInput(undefined, { spec, schema })).toEqual({
      table: 'a.b',
      schema: { columns: [{ name: 'id', type: 'bigint' }], storedAs: 'ORC' },
    });
    expect(await specInput(undefined, { spec, schema: 'source' })).toEqual({ table: 'a.b', schema: 'source' });
    await expect(specInput('a.b', { schema: join(folder, 'none.yaml') })).rejects.toMatchObject({
      code: 'SPEC_INVALID',
      message: expect.stringContaining('none.yaml'),
    });
  });
});
