import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { HttpFault } from '../../lab/fault-proxy.ts';
import type { Injected } from '../../lab/fault-script.ts';
import { withHive } from '../../lab/hive-session.ts';
import {
  answerWith,
  blackHole,
  cutAnswerAfter,
  cutUploadAfter,
  loseAnswer,
  onStandby,
  withholdAnswer,
} from '../../lab/http-faults.ts';
import { hangUp as hangUpThrift, loseAnswer as loseThriftAnswer } from '../../lab/thrift-fault-proxy.ts';
import type { Attributes } from '../../storage/file-system.ts';
import { setAttributes } from '../set-attributes.ts';
import { bodyOf } from './faulty-files.ts';
import { FaultySync } from './faulty-sync.ts';
import { filesBelow } from './lab-tables.ts';

jest.setTimeout(180_000);

const ALWAYS = { times: Number.POSITIVE_INFINITY };
const KIB = 1024;
const MIB = 1024 * KIB;

let world: FaultySync;
let serial = 0;

beforeAll(async () => {
  world = await FaultySync.start('ferry_faults');
});
afterEach(() => world.reset());
afterAll(() => world.close());

/** The name of a target table of a test's own. */
function fresh(): string {
  serial += 1;
  return `copy_${serial}`;
}

/** Another version of p=1 on the source: of both its files, each longer than before. */
async function changeSource(): Promise<void> {
  for (const file of ['small', 'large']) {
    const before = (await world.content('a')).get(`p=1/${file}`) ?? '';
    await world.table.write('p=1', file, `${before}and more\n`);
  }
}

async function partitionsOf(table: string): Promise<readonly unknown[]> {
  const rows = await withHive('b', (query) => query(`SHOW PARTITIONS ${world.table.database}.${table}`));
  return rows.map(({ partition }) => partition);
}

/** The copy is the source, byte for byte, and the catalog knows it. */
async function expectWhole(table: string): Promise<void> {
  expect(await world.content('b', table)).toEqual(await world.content('a'));
  expect(await partitionsOf(table)).toEqual(['p=1', 'p=2']);
}

/** Looks at the live folders all the while: whatever a reader finds there has one of the lengths of a whole version. */
async function whileWatched<T>(table: string, lengths: ReadonlySet<number>, work: Promise<T>): Promise<T> {
  const folder = world.table.folder(table);
  let ended = false;
  const watch = async () => {
    const truncated: string[] = [];
    while (!ended) {
      const lines = await filesBelow(world.table.b, folder);
      truncated.push(...lines.filter((line) => /\/p=\d\/\S+ /.test(line) && !lengths.has(Number(line.split(' ')[1]))));
      await sleep(10);
    }
    return truncated;
  };
  const watching = watch();
  try {
    return await work;
  } finally {
    ended = true;
    expect(await watching).toEqual([]);
  }
}

async function sourceLengths(): Promise<ReadonlySet<number>> {
  return new Set([...(await world.content('a')).values()].map((text) => text.length));
}

const complete = { outcome: 'complete', failures: [] };

describe('case 48: a whole sync, and one that replaces, with answers lost all the way', () => {
  /** Not every one: an attempt that starts over gets a little further each time. */
  const SOME = [1, 2, 5, 9, 14, 20, 27];

  const GUARDED: Attributes = {
    owner: 'hive',
    group: 'analysts',
    permission: '1750',
    acl: ['user:bob:r-x', 'group::r-x', 'default:user::rwx', 'default:group::r-x', 'default:other::---'],
    storagePolicy: 'WARM',
  };

  it.each(['MKDIRS', 'RENAME', 'DELETE', 'SETTIMES', 'SETOWNER', 'SETPERMISSION', 'SETACL', 'SETSTORAGEPOLICY'])(
    'of %s',
    async (op) => {
      const table = fresh();
      const lost = SOME.map((nth) => world.b.namenode.inject({ op, nth }, loseAnswer));
      expect((await world.sync(table)).outcome).toMatchObject({ ...complete, partitions: { published: 2 } });
      await expectWhole(table);
      await setAttributes(world.table.b, `${world.table.folder(table)}/p=1`, GUARDED);
      await changeSource();
      world.reset();
      lost.push(...SOME.map((nth) => world.b.namenode.inject({ op, nth }, loseAnswer)));
      expect((await world.sync(table)).outcome).toMatchObject({
        ...complete,
        partitions: { published: 1, unchanged: 1 },
      });
      await expectWhole(table);
      expect(await world.table.b.attributes(`${world.table.folder(table)}/p=1`)).toMatchObject({
        ...GUARDED,
        acl: expect.arrayContaining([...(GUARDED.acl ?? [])]),
      });
      expect(lost.filter(({ fired }) => fired > 0)).not.toEqual([]);
    },
  );

  it('of CONCAT, where a file is copied in chunks', async () => {
    const table = fresh();
    const path = `${world.table.folder()}/p=2/in-chunks`;
    await world.table.a.create(path, bodyOf('0123456789abcdef'.repeat(160 * KIB)), { blockSize: MIB });
    try {
      const lost = [1, 2].map((nth) => world.b.namenode.inject({ op: 'CONCAT', nth }, loseAnswer));
      const { outcome } = await world.sync(table, { chunkBytes: MIB });
      expect(outcome).toMatchObject({ ...complete, partitions: { published: 2 } });
      expect(lost.map(({ fired }) => fired)).toEqual([1, 1]);
      await expectWhole(table);
    } finally {
      await world.table.a.delete(path);
    }
  });

  it('of the datanode to CREATE', async () => {
    const table = fresh();
    const lost = SOME.map((nth) => world.b.datanode.inject({ op: 'CREATE', nth }, loseAnswer));
    expect((await world.sync(table)).outcome).toMatchObject({ ...complete, partitions: { published: 2 } });
    expect(lost.filter(({ fired }) => fired > 0).length).toBeGreaterThan(2);
    await expectWhole(table);
  });

  it.each<['swap' | 'relocate']>([['swap'], ['relocate']])('of every change of the catalog, %s', async (publish) => {
    const table = fresh();
    const { metastore } = world.b;
    const lose = (method: string): Injected => metastore.inject({ method }, loseThriftAnswer);
    const made = [
      'create_table_with_environment_context',
      'add_partitions_req',
      'alter_table_with_environment_context',
    ];
    const lost = made.map(lose);
    expect((await world.sync(table, { publish })).outcome).toMatchObject({ ...complete, partitions: { published: 2 } });
    expect(lost.map(({ fired }) => fired)).toEqual([1, 1, 1]);
    expect(await partitionsOf(table)).toEqual(['p=1', 'p=2']);
    await changeSource();
    const altered = lose('alter_partitions_with_environment_context');
    const { outcome } = await world.sync(table, { publish });
    expect(outcome).toMatchObject({ ...complete, partitions: { published: 1, unchanged: 1 } });
    expect(altered.fired).toBe(1);
    const rows = await withHive('b', (query) => query(`SELECT line FROM ${world.table.database}.${table}`));
    const lines = [...(await world.content('a')).values()].flatMap((text) => text.trimEnd().split('\n'));
    expect(rows.map(({ line }) => line).sort()).toEqual(lines.sort());
  });

  it('of the registration, and of a statement after the refresh: the statements after the refresh are run all the same', async () => {
    const table = fresh();
    const mark = `ALTER TABLE ${world.table.database}.${table} SET TBLPROPERTIES ('mark'='run')`;
    const lost = world.b.metastore.inject({ method: 'add_partitions_req' }, loseThriftAnswer);
    const gone = world.b.hiveserver2.inject({ method: 'ExecuteStatement' }, hangUpThrift);
    const { outcome } = await world.sync(table, { afterRefresh: [mark] });
    expect([outcome.outcome, lost.fired, gone.fired]).toEqual(['complete', 1, 1]);
    const rows = await withHive('b', (query) => query(`SHOW TBLPROPERTIES ${world.table.database}.${table}`));
    expect(rows).toContainEqual({ prpt_name: 'mark', prpt_value: 'run' });
  });
});

describe('a sync whose files meet with faults: the right bytes, and never a truncated file where readers look', () => {
  it.each<[string, HttpFault, { readonly short?: boolean }]>([
    ['case 1: 503 of the datanode', answerWith(503), {}],
    ['case 4: a datanode that takes all and never answers', blackHole, { short: true }],
    ['case 4: a datanode that writes and never answers', withholdAnswer, { short: true }],
    ['case 5, 14: an upload that is cut in the middle', cutUploadAfter(200 * KIB), {}],
    ['case 5, 14: an upload that is cut after a few bytes', cutUploadAfter(3), {}],
  ])('%s', async (_, fault, how) => {
    const table = fresh();
    const lengths = await sourceLengths();
    // Not those of the plan, which is written to the control folder.
    const path = /\/\.hive-ferry\/.*\/part\//;
    const met = [1, 3].map((nth) => world.b.datanode.inject({ op: 'CREATE', path, nth }, fault));
    const { outcome } = await whileWatched(table, lengths, world.sync(table, how));
    expect(outcome).toMatchObject({ ...complete, partitions: { published: 2 } });
    expect(met.map(({ fired }) => fired)).toEqual([1, 1]);
    await expectWhole(table);
  });

  it('case 11: the source breaks off again and again', async () => {
    const table = fresh();
    const large = /\/p=1\/large$/;
    const cut = world.a.datanode.inject({ op: 'OPEN', path: large, times: 3 }, cutAnswerAfter(100 * KIB));
    const { outcome } = await whileWatched(table, await sourceLengths(), world.sync(table));
    expect(outcome).toMatchObject({ ...complete, partitions: { published: 2 } });
    expect(cut.fired).toBe(3);
    await expectWhole(table);
  });

  it('case 11, 14: a source that stays cut is one clear error, and the next run copies what is missing', async () => {
    const table = fresh();
    world.a.datanode.inject({ op: 'OPEN', path: /\/p=1\/large$/, ...ALWAYS }, cutAnswerAfter(10));
    const failing = whileWatched(table, await sourceLengths(), world.sync(table, { attempts: 1 }));
    await expect(failing).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringMatching(/^OPEN .*\/p=1\/large on a: reading from .* broke off at byte \d+/),
    });
    world.reset();
    expect((await world.sync(table)).outcome).toMatchObject(complete);
    await expectWhole(table);
  });

  it('case 7, 10: a target whose namenode stays on standby is one clear error, and nothing is written', async () => {
    const table = fresh();
    world.b.namenode.inject(ALWAYS, onStandby);
    await expect(world.sync(table, { attempts: 1 })).rejects.toMatchObject({ code: 'STANDBY' });
    expect(await filesBelow(world.table.b, world.table.folder(table))).toEqual([]);
  });

  it('case 16: a metastore that is gone when the metadata is refreshed: the same run goes on when it is back', async () => {
    const table = fresh();
    const gone = world.b.metastore.inject({ method: 'add_partitions_req', times: 6 }, hangUpThrift);
    const { outcome } = await world.sync(table);
    expect(outcome).toMatchObject({ ...complete, partitions: { published: 2 } });
    expect(gone.fired).toBe(6);
    await expectWhole(table);
  });
});
