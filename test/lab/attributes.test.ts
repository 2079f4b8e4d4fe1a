import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openClusters } from '../../config/open-cluster.ts';
import { resolveConfig } from '../../config/resolved.ts';
import type { Attributes } from '../../storage/file-system.ts';
import { foldLedger, readLedger } from '../../sync/ledger.ts';
import type { ResolvedSpec } from '../../sync/outcome.ts';
import { setAttributes } from '../set-attributes.ts';
import { labConfig } from './lab-config.ts';
import { LinesTable } from './lines-table.ts';
import { labSpec, type RanInProcess, runInProcess } from './run-in-process.ts';

jest.setTimeout(60_000);

const table = new LinesTable('ferry_attributes');
const BOB = ['user:bob:r-x', 'group::r-x'];
const DEFAULTS = [
  'default:user::rwx',
  'default:user:bob:r-x',
  'default:group::r-x',
  'default:mask::r-x',
  'default:other::---',
];
// The lab's disks are of one kind; a policy that cannot be met would refuse the copy (COLD), these fall back.
const GUARDED: Attributes = {
  owner: 'hive',
  group: 'analysts',
  permission: '1750',
  acl: [...BOB, ...DEFAULTS],
  storagePolicy: 'WARM',
};

async function sync(user: string, over: Partial<ResolvedSpec>): Promise<RanInProcess> {
  const clusters = openClusters(resolveConfig(labConfig(user)));
  try {
    return await runInProcess(clusters.open, labSpec(table.database, over));
  } finally {
    await clusters.close();
  }
}

const complete = { outcome: 'complete', failures: [] };
let changes = 0;

async function changeSource(): Promise<void> {
  changes += 1;
  await table.write('p=1', 'small', `changed ${changes}\n`);
}

beforeAll(() => table.make());
afterAll(async () => {
  await table.drop();
  await table.close();
});

describe('case 49: attributes, on a real HDFS', () => {
  it.each(['swap', 'relocate'] as const)(
    'a partition replaced by %s keeps owner, group, mode, ACL and storage policy; its files inherit',
    async (publish) => {
      const target = { cluster: 'b', database: table.database, table: `by_${publish}` };
      const spec = { target, publish };
      expect((await sync('root', spec)).outcome).toMatchObject(complete);
      const folder = table.folder(target.table);
      const landed = (run: ResolvedSpec['runKey'], partition: string) =>
        publish === 'swap' ? `${folder}/${partition}` : `${folder}-versions/${run}/${partition}`;
      const second = `run-${publish}-${Date.now()}`;
      const first = publish === 'swap' ? '' : ((await table.names(`${folder}-versions`)).at(0) ?? '');
      await setAttributes(table.b, landed(first, 'p=1'), GUARDED);
      await changeSource();
      const { outcome, said } = await sync('root', { ...spec, runKey: second, runId: second });
      expect(outcome).toMatchObject({ ...complete, partitions: { published: 1, unchanged: 1 } });
      expect(said).toEqual([]);
      const now = landed(second, 'p=1');
      expect(await table.b.attributes(now)).toEqual(GUARDED);
      expect(await table.b.attributes(`${now}/small`)).toEqual({
        owner: 'root',
        group: 'analysts',
        permission: '640',
        acl: BOB,
        storagePolicy: 'WARM',
      });
      expect(await table.b.attributes(landed(first, 'p=2'))).toMatchObject({ owner: 'root', acl: [] });
    },
  );

  it('a new partition has mode, group and default ACL of the folder it lands in', async () => {
    const target = { cluster: 'b', database: table.database, table: 'closed' };
    await table.b.mkdirs(table.folder('closed'));
    await setAttributes(table.b, table.folder('closed'), {
      ...GUARDED,
      permission: '750',
      acl: [],
      storagePolicy: undefined,
    });
    expect((await sync('root', { target })).outcome).toMatchObject(complete);
    const given = { owner: 'root', group: 'analysts', acl: [], storagePolicy: undefined };
    expect(await table.b.attributes(`${table.folder('closed')}/p=1`)).toEqual({ ...given, permission: '750' });
    expect(await table.b.attributes(`${table.folder('closed')}/p=1/large`)).toEqual({ ...given, permission: '640' });
  });

  it('a new partition under a default ACL is what mkdir would have made there', async () => {
    const target = { cluster: 'b', database: table.database, table: 'shared' };
    await table.b.mkdirs(table.folder('shared'));
    expect((await sync('root', { target, partitions: ['p=2'] })).outcome).toMatchObject(complete);
    await table.b.setAttribute(table.folder('shared'), { set: 'acl', acl: DEFAULTS, permission: '755' });
    await table.b.mkdirs(`${table.folder('shared')}/_made`);
    expect((await sync('root', { target, partitions: ['p=1'] })).outcome).toMatchObject(complete);
    const made = await table.b.attributes(`${table.folder('shared')}/_made`);
    expect(made).toMatchObject({ acl: [...BOB, ...DEFAULTS] });
    expect(await table.b.attributes(`${table.folder('shared')}/p=1`)).toEqual(made);
    expect(await table.b.attributes(`${table.folder('shared')}/p=1/small`)).toMatchObject({ acl: BOB });
  });

  it('a user who is no superuser hands on what it may, and tells the owner', async () => {
    const target = { cluster: 'b', database: table.database, table: 'plain_user' };
    const folder = table.folder(target.table);
    const given = { ...GUARDED, group: 'supergroup', permission: '1755' };
    for (const path of [folder, '/user/ferry']) {
      await table.b.mkdirs(path);
      await table.b.setAttribute(path, { set: 'owner', owner: 'ferry' });
    }
    expect((await sync('ferry', { target })).outcome).toMatchObject(complete);
    expect(await table.b.attributes(`${folder}/p=1`)).toMatchObject({ owner: 'ferry' });
    await setAttributes(table.b, `${folder}/p=1`, given);
    await changeSource();
    const { outcome, said } = await sync('ferry', { target });
    expect(outcome).toMatchObject({ ...complete, partitions: { published: 1, unchanged: 1 } });
    expect(await table.b.attributes(`${folder}/p=1`)).toEqual({ ...given, owner: 'ferry' });
    expect(said).toEqual([expect.stringMatching(/attribute not handed on .*owner hive/)]);
    const stories = foldLedger(await readLedger(table.b, outcome.ledger ?? '', new AbortController().signal));
    expect(stories.get('p=1')?.landed?.notHandedOn).toEqual(['owner hive']);
    await table.b.delete('/user/ferry');
  });
});
