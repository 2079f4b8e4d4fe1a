import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openClusters } from '../../config/open-cluster.ts';
import { resolveConfig } from '../../config/resolved.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import type { OpenCluster } from '../../sync/cluster.ts';
import type { ResolvedSpec } from '../../sync/outcome.ts';
import { labConfig } from './lab-config.ts';
import { allowLabSnapshot } from './lab-snapshot.ts';
import { LinesTable } from './lines-table.ts';
import { labSpec, type RanInProcess, runInProcess } from './run-in-process.ts';

jest.setTimeout(120_000);

const table = new LinesTable('ferry_snapshot');

/** A run in whose middle something happens: just before the first file is written. */
async function sync(
  over: Partial<ResolvedSpec>,
  happen: () => Promise<unknown> = async () => {},
): Promise<RanInProcess> {
  const clusters = openClusters(resolveConfig(labConfig('root')));
  let happened = false;
  const open: OpenCluster = (name) => {
    const cluster = clusters.open(name);
    const files = new Proxy(cluster.files, {
      get(of, property) {
        if (property !== 'create') {
          const member = Reflect.get(of, property, of) as unknown;
          return typeof member === 'function' ? member.bind(of) : member;
        }
        return async (...call: Parameters<FileSystem['create']>) => {
          if (!happened && call[0].includes('/part/')) {
            happened = true;
            await happen();
          }
          return of.create(...call);
        };
      },
    });
    return { ...cluster, files };
  };
  try {
    return await runInProcess(open, labSpec(table.database, over));
  } finally {
    await clusters.close();
  }
}

async function textOf(files: FileSystem, path: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await files.open(path)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

beforeAll(() => table.make());
afterAll(async () => {
  await table.drop();
  await table.b.delete(`/user/root/hive-ferry/tables/${table.database}.lines`);
  await table.close();
});

describe('consistency: "snapshot", on a real HDFS', () => {
  it('is refused by the name of the folder where no administrator has allowed it', async () => {
    await expect(sync({ consistency: 'snapshot' })).rejects.toMatchObject({
      code: 'SNAPSHOT_REFUSED',
      message: expect.stringContaining(`a:${table.folder()}`),
    });
  });

  it('reads the files as they were when the run planned, and leaves no snapshot behind', async () => {
    await allowLabSnapshot('a', table.folder());
    const seen: string[] = [];
    const { outcome } = await sync({ consistency: 'snapshot' }, async () => {
      for await (const page of (await table.a.list(`${table.folder()}/.snapshot`)) ?? [])
        seen.push(...page.map(({ name }) => name));
      await table.write('p=1', 'small', 'written while the run copies\n');
      await table.a.delete(`${table.folder()}/p=2/small`);
    });
    expect(outcome).toMatchObject({ outcome: 'complete', failures: [], partitions: { published: 2 } });
    expect(seen).toEqual([`hive-ferry-${outcome.runId}`]);
    expect(await table.a.list(`${table.folder()}/.snapshot/${seen[0]}`)).toBeUndefined();
    for (const p of ['p=1', 'p=2']) expect(await textOf(table.b, `${table.folder()}/${p}/small`)).toBe('hello\n');

    const after = await sync({});
    expect(after.outcome).toMatchObject({ outcome: 'complete', failures: [], partitions: { published: 2 } });
    expect(await textOf(table.b, `${table.folder()}/p=1/small`)).toBe('written while the run copies\n');
  });
});
