import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { dropTarget } from '../../lab/fresh-target.ts';
import { type HiveQuery, withHive } from '../../lab/hive-session.ts';
import { quoteTable } from '../../lab/seed/source-cluster.ts';
import { TABLES } from '../../lab/seed.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import { type SyncRan, severalAtOnce, syncRuns, type VerifyRan } from './sync-runs.ts';

jest.setTimeout(150_000);

const QUEUE = 'every-table';
const SYNCS_AT_ONCE = 2;
const { sync, verify } = syncRuns(QUEUE);

type Case = {
  readonly table: string;
  /** Where it goes on b, when another test syncs it under its own name. */
  readonly target?: string;
  readonly partitions: number;
  readonly rows: number;
  /** Columns of one row over all rows of the table. */
  readonly checksum: string;
  /** Predicates over partitions, each true for some and false for others. */
  readonly filters: readonly string[];
};

const seeded = (table: string): Pick<Case, 'table' | 'partitions' | 'rows'> => {
  const one = TABLES.find(({ name }) => name === table);
  if (one === undefined) throw new Error(`${table} is not seeded`);
  return { table, partitions: one.partitions ?? 1, rows: one.rows(1) };
};

const CASES: readonly Case[] = [
  {
    table: 'sales.orders',
    target: 'sales.orders_every',
    partitions: 60,
    rows: 120_000,
    checksum: 'sum(order_id), sum(amount), max(note), min(placed_at)',
    filters: ["dt = '2026-11-03' and region = 'apac'", "dt > '2026-11-15'"],
  },
  {
    table: 'ref.countries',
    target: 'ref.countries_every',
    partitions: 1,
    rows: 250,
    checksum: 'sum(population), min(code), max(name)',
    filters: [],
  },
  {
    ...seeded('web.clicks'),
    checksum: 'sum(click_id), max(visitor), min(url), max(at), max(payload)',
    filters: ["dt = '2026-11-02' and hour = 18", "dt between '2026-11-02' and '2026-11-03'", 'hour < 7'],
  },
  {
    ...seeded('logs.raw'),
    checksum: 'sum(id), max(line), min(line), max(source), min(source), sum(hour)',
    filters: ["source = 'plain' and hour = 1", 'hour is null', 'source is null', "source = '2026-11-01 00:00:00'"],
  },
  {
    ...seeded('ext.events'),
    checksum: 'sum(id), max(what), min(what), max(extra), count(extra)',
    filters: ["day = '2026-11-01'", "day = '2026-11-03'", "day in ('2026-11-05', '2026-11-06')"],
  },
  {
    ...seeded('fin.ledger'),
    checksum: 'sum(entry), max(account), sum(amount)',
    filters: ["month = '2026-10-01'", "book = 'sales' and month < '2026-11-01'"],
  },
  { ...seeded('geo.empty'), checksum: 'max(city), sum(population)', filters: ["country = 'de'"] },
  {
    ...seeded('avro.readings'),
    checksum: 'sum(id), sum(celsius), count(celsius)',
    filters: ["day = '2026-11-01'"],
  },
  {
    ...seeded('wide.types'),
    checksum:
      'sum(tiny), sum(small), sum(whole), sum(big), sum(single), sum(wider), sum(exact), max(day), max(moment), min(moment), max(text), max(upto), max(fixed), max(hex(raw)), sum(size(list)), sum(pairs["l"]), max(record.b), max(nested["n"][0].d), count(flag)',
    filters: [],
  },
  {
    ...seeded('wide.moments'),
    checksum: 'sum(id), sum(amount), max(at), min(at)',
    filters: ['amount = 1.5', "at = timestamp '2026-11-01 00:00:00'", 'amount < 0'],
  },
  {
    ...seeded('order.select'),
    checksum: 'max(`date`), min(`user`), sum(`from`)',
    filters: ["`table` = 'join'"],
  },
];

type Answers = { readonly count: unknown; readonly checksum: unknown; readonly filters: readonly unknown[] };

/** What a cluster's HiveServer2 says of a table. Each query stands alone, as a user's does. */
async function answersOf(cluster: 'a' | 'b', table: string, { checksum, filters }: Case): Promise<Answers> {
  return await withHive(cluster, async (query: HiveQuery) => {
    const from = quoteTable(table);
    const one = async (select: string) => Object.values((await query(select))[0] ?? {})[0];
    const columns = checksum.split(/, (?![^(]*\))/).map((column) => `cast(${column} as string)`);
    const filtered: unknown[] = [];
    for (const filter of filters) filtered.push(await one(`select count(*) from ${from} where ${filter}`));
    return {
      count: await one(`select count(*) from ${from}`),
      checksum: Object.values((await query(`select ${columns.join(', ')} from ${from}`))[0] ?? {}),
      filters: filtered,
    };
  });
}

type Synced = { readonly first: SyncRan; readonly second: SyncRan };
type Asked = { readonly verified: VerifyRan; readonly a: Answers; readonly b: Answers };

const targetOf = ({ table, target }: Case) => target ?? table;
const targetArgs = ({ target }: Case) => (target === undefined ? [] : ['--target-table', target]);

async function syncTwice(one: Case): Promise<Synced> {
  const [database = '', table = ''] = targetOf(one).split('.');
  await dropTarget(database, table);
  const args = ['--memory', '64MiB', ...targetArgs(one)];
  return { first: await sync(one.table, ...args), second: await sync(one.table, ...args) };
}

async function ask(one: Case): Promise<Asked> {
  const verified = await verify(one.table, ...targetArgs(one));
  const [a, b] = await Promise.all([answersOf('a', one.table, one), answersOf('b', targetOf(one), one)]);
  return { verified, a, b };
}

let worker: WorkerProcess;
let synced: ReadonlyMap<string, Promise<Synced>> = new Map();
let asked: ReadonlyMap<string, Promise<Asked>> = new Map();

beforeAll(async () => {
  worker = await startWorker({ name: QUEUE, env: { FERRY_TASK_QUEUE: QUEUE } });
  const each = <T>(most: number, work: (one: Case) => Promise<T>): ReadonlyMap<string, Promise<T>> => {
    const promises = severalAtOnce(
      most,
      CASES.map((one) => () => work(one)),
    );
    return new Map(CASES.map(({ table }, place) => [table, promises[place] as Promise<T>]));
  };
  synced = each(SYNCS_AT_ONCE, syncTwice);
  // One table at a time: queries that the lab's HiveServer2 runs in its own process fail in each other's way.
  asked = each(1, async (one) => {
    await synced.get(one.table);
    return await ask(one);
  });
});

afterAll(async () => {
  await Promise.allSettled([...synced.values(), ...asked.values()]);
  await worker?.end('SIGTERM');
});

describe.each(CASES)('$table', ({ table, partitions, rows }) => {
  it('is copied whole by the first sync', async () => {
    const { first } = await (synced.get(table) as Promise<Synced>);
    expect(first.outcome).toMatchObject({
      outcome: 'complete',
      failures: [],
      partitions: { selected: partitions, published: partitions, failed: 0, skipped: 0 },
    });
    expect(first.exitCode).toBe(0);
  });

  it('has nothing to do in the second', async () => {
    const { second } = await (synced.get(table) as Promise<Synced>);
    expect(second.outcome).toMatchObject({
      outcome: 'nothing-to-do',
      failures: [],
      bytes: { copied: 0 },
      partitions: { selected: partitions, unchanged: partitions },
    });
    expect(second.exitCode).toBe(0);
  });

  it('is the same on both sides, file by file and row by row', async () => {
    const { verified } = await (asked.get(table) as Promise<Asked>);
    expect(verified.report).toMatchObject({ identical: true, partitions, differences: [] });
    expect(verified.exitCode).toBe(0);
  });

  it('answers alike on both clusters: count(*), a checksum, filters over partitions', async () => {
    const { a, b } = await (asked.get(table) as Promise<Asked>);
    expect(Number(a.count)).toBe(rows);
    expect(b).toEqual(a);
  });
});
