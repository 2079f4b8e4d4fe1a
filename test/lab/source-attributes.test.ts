import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openClusters } from '../../config/open-cluster.ts';
import { resolveConfig } from '../../config/resolved.ts';
import type { Attributes } from '../../storage/file-system.ts';
import type { ResolvedSpec } from '../../sync/outcome.ts';
import { previewSync } from '../../sync/preview-sync.ts';
import { setAttributes } from '../set-attributes.ts';
import { labConfig } from './lab-config.ts';
import { filesBelow } from './lab-tables.ts';
import { LinesTable } from './lines-table.ts';
import { labSpec, type RanInProcess, runInProcess } from './run-in-process.ts';

jest.setTimeout(60_000);

const table = new LinesTable('ferry_source_attributes');
const paths = ['p=1', 'p=1/large', 'p=1/small', 'p=2', 'p=2/small'];
const FOLDER: Attributes = {
  owner: 'hive',
  group: 'analysts',
  permission: '1750',
  acl: ['user:bob:r-x', 'group::r-x', 'default:user::rwx', 'default:group::r-x', 'default:other::---'],
  storagePolicy: 'WARM',
};
const FILE: Attributes = { ...FOLDER, permission: '640', acl: ['user:bob:r--', 'group::r--'] };

const over: Partial<ResolvedSpec> = { attributes: 'source' };

async function sync(user = 'root', spec: Partial<ResolvedSpec> = over): Promise<RanInProcess> {
  const clusters = openClusters(resolveConfig(labConfig(user)));
  try {
    return await runInProcess(clusters.open, labSpec(table.database, spec));
  } finally {
    await clusters.close();
  }
}

async function plan(): Promise<readonly [string, number | undefined][]> {
  const clusters = openClusters(resolveConfig(labConfig('root')));
  const reader = { signal: new AbortController().signal, heartbeat: () => {}, now: () => new Date() };
  try {
    const { plan: found } = await previewSync({ open: clusters.open, ...reader }, labSpec(table.database, over));
    return found.partitions.map(({ finding, attributesDiffer }) => [finding, attributesDiffer]);
  } finally {
    await clusters.close();
  }
}

async function assertAlike(): Promise<void> {
  for (const path of paths) {
    const at = `${table.folder()}/${path}`;
    expect([path, await table.b.attributes(at)]).toEqual([path, await table.a.attributes(at)]);
  }
}

beforeAll(async () => {
  await table.make();
  await setAttributes(table.a, `${table.folder()}/p=1`, FOLDER);
  await setAttributes(table.a, `${table.folder()}/p=1/large`, FILE);
});
afterAll(async () => {
  await table.drop();
  await table.close();
});

describe('case 31: attributes: "source", on a real HDFS', () => {
  it('come along with what is copied, of folders and of files', async () => {
    expect((await sync()).outcome).toMatchObject({ outcome: 'complete', failures: [] });
    await assertAlike();
    expect(await plan()).toEqual([
      ['unchanged', undefined],
      ['unchanged', undefined],
    ]);
  });

  it('that changed alone are mended in place, and a second run has nothing to do', async () => {
    await setAttributes(table.a, `${table.folder()}/p=1/large`, { ...FILE, permission: '600', acl: [] });
    await setAttributes(table.a, `${table.folder()}/p=2`, FOLDER);
    await setAttributes(table.a, `${table.folder()}/p=2/small`, { ...FILE, group: 'audit' });
    expect(await plan()).toEqual([
      ['unchanged', 1],
      ['unchanged', 2],
    ]);
    const before = await filesBelow(table.b, table.folder());
    const { outcome, said } = await sync();
    expect(outcome).toMatchObject({
      outcome: 'complete',
      partitions: { unchanged: 2, published: 0 },
      attributesMended: 2,
      files: { copied: 0 },
    });
    expect(said).toEqual([]);
    await assertAlike();
    // The same files and folders, none made or changed.
    expect(await filesBelow(table.b, table.folder())).toEqual(before);
    expect((await sync()).outcome).toMatchObject({ outcome: 'nothing-to-do' });
  });

  it('that only a superuser may give are told by another user, who sets the rest', async () => {
    const target = { cluster: 'b', database: table.database, table: 'plain_user' };
    for (const path of [table.folder(target.table), '/user/ferry']) {
      await table.b.mkdirs(path);
      await table.b.setAttribute(path, { set: 'owner', owner: 'ferry' });
    }
    // Readable by everybody on the source, owned by somebody else.
    const given: Attributes = { ...FOLDER, group: 'supergroup', permission: '755', acl: [], storagePolicy: undefined };
    for (const path of ['p=1', 'p=2']) await setAttributes(table.a, `${table.folder()}/${path}`, given);
    for (const path of ['p=1/large', 'p=1/small', 'p=2/small'])
      await setAttributes(table.a, `${table.folder()}/${path}`, { ...given, permission: '644' });
    const { outcome, said } = await sync('ferry', { ...over, target });
    expect(outcome).toMatchObject({ outcome: 'complete', partitions: { published: 2 }, failures: [] });
    expect(said.some((line) => /attribute not handed on .*owner hive/.test(line))).toBe(true);
    await table.a.setAttribute(`${table.folder()}/p=2/small`, { set: 'permission', permission: '664' });
    expect((await sync('ferry', { ...over, target })).outcome).toMatchObject({ attributesMended: 1, failures: [] });
    expect(await table.b.attributes(`${table.folder(target.table)}/p=2/small`)).toMatchObject({ permission: '664' });
    await table.b.delete('/user/ferry');
  });
});
