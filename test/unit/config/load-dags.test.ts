import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { dagNamed, loadDagFiles } from '../../../config/load-dags.ts';
import type { DagSpec } from '../../../dag/spec.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-dags-'));
});

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const check = (candidate: unknown): DagSpec => {
  if (typeof candidate !== 'object' || candidate === null || !('dagId' in candidate)) throw new Error('it is no DAG');
  return candidate as DagSpec;
};
const load = () => loadDagFiles(folder, check);

describe('loadDagFiles', () => {
  it('gives the DAGs of each file, and what is wrong with the others', async () => {
    write('b.ts', 'const id: string = "orders"; export default { dagId: id };');
    write('a.mjs', 'export default ["x", "y"].map((dagId) => ({ dagId }));');
    write('c.ts', 'export default (;');
    write('d.ts', 'export const dag = 1;');
    write('e.ts', 'export default 4;');
    for (const name of ['b.test.ts', 'types.d.ts', 'README.md']) write(name, 'not a DAG');
    expect(await load()).toEqual([
      { file: join(folder, 'a.mjs'), dags: [{ dagId: 'x' }, { dagId: 'y' }] },
      { file: join(folder, 'b.ts'), dags: [{ dagId: 'orders' }] },
      { file: join(folder, 'c.ts'), error: expect.stringContaining('c.ts') },
      { file: join(folder, 'd.ts'), error: expect.stringContaining('export default dag(') },
      { file: join(folder, 'e.ts'), error: 'it is no DAG' },
    ]);
  });

  it('sees what a file holds now', async () => {
    write('a.ts', 'export default { dagId: "one" };');
    await load();
    write('a.ts', 'export default { dagId: "two" };');
    expect(await load()).toMatchObject([{ dags: [{ dagId: 'two' }] }]);
  });

  it('finds none in a folder that is not there', async () => {
    expect(await loadDagFiles(join(folder, 'none'), check)).toEqual([]);
  });
});

describe('dagNamed', () => {
  const found = (dagId: string, files: Awaited<ReturnType<typeof load>>) => () => dagNamed(dagId, folder, files);

  it('gives the DAG, and names what there is instead', async () => {
    write('a.ts', 'export default [{ dagId: "orders_daily" }, { dagId: "clicks" }];');
    write('b.ts', 'throw new Error("no region");');
    const files = await load();
    expect(dagNamed('clicks', folder, files)).toEqual({ dagId: 'clicks' });
    expect(found('orders_dialy', files)).toThrow(
      `dag: "orders_dialy" is not a DAG of ${folder}, which holds clicks, orders_daily; did you mean "orders_daily"?\n${join(folder, 'b.ts')} cannot be used: no region`,
    );
    expect(found('x', [])).toThrow(/which holds none$/);
  });

  it('refuses a name that stands twice', async () => {
    write('a.ts', 'export default { dagId: "one" };');
    write('b.ts', 'export default { dagId: "one" };');
    expect(found('one', await load())).toThrow(/"one" stands more than once in .*: a\.ts and b\.ts/);
  });
});
