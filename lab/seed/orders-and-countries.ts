import type { HiveQuery } from '../hive-session.ts';
import { LabError } from '../lab-error.ts';
import type { Progress } from '../progress.ts';
import { contentOf, type SourceCluster } from './source-cluster.ts';

/** What the seed makes on cluster a: 20 days x 3 regions, one ORC file of about 0.7 MiB a partition; and a small table without partitions. */
export const SEED = {
  firstDay: '2026-11-01',
  days: 20,
  regions: ['amer', 'apac', 'emea'],
  rowsPerPartition: 2000,
  countries: 250,
} as const;

const PARTITIONS = SEED.days * SEED.regions.length;
const ORDERS = PARTITIONS * SEED.rowsPerPartition;

/** What stands in the two tables. */
export type SeedCounts = { readonly partitions: number; readonly orders: number; readonly countries: number };

export const isSeeded = ({ partitions, orders, countries }: SeedCounts): boolean =>
  partitions === PARTITIONS && orders === ORDERS && countries === SEED.countries;

/** sales.orders and ref.countries: left alone with the right counts, else made anew. Returns what is there, in words. */
export async function seedOrdersAndCountries(source: SourceCluster, progress: Progress): Promise<string> {
  const { query, webhdfs } = source;
  let counts = await countSeed(query);
  if (!isSeeded(counts)) {
    progress(`a has ${counts.partitions} of ${PARTITIONS} partitions: making sales.orders and ref.countries`);
    await makeOrders(source);
    progress('a has sales.orders');
    await makeCountries(source);
    progress('a has ref.countries');
    counts = await countSeed(query);
    if (!isSeeded(counts)) throw new LabError(`The seed came out wrong: ${JSON.stringify(counts)}`);
  }
  const { bytes } = await contentOf(webhdfs, await location(query, 'sales.orders'));
  return (
    `cluster a   sales.orders   ${counts.partitions} partitions (dt, region), ${counts.orders} rows, ${(bytes / 1024 ** 2).toFixed(1)} MiB of ORC\n` +
    `            ref.countries  not partitioned, ${counts.countries} rows`
  );
}

async function countSeed(query: HiveQuery): Promise<SeedCounts> {
  const tables = [
    ...(await query("SHOW TABLES IN sales 'orders'")),
    ...(await query("SHOW TABLES IN ref 'countries'")),
  ].map(({ tab_name }) => tab_name);
  const partitions = tables.includes('orders') ? await query('SHOW PARTITIONS sales.orders') : [];
  return {
    partitions: partitions.length,
    orders: partitions.length === PARTITIONS ? await count(query, 'sales.orders') : 0,
    countries: tables.includes('countries') ? await count(query, 'ref.countries') : 0,
  };
}

async function count(query: HiveQuery, table: string): Promise<number> {
  const [row] = await query(`SELECT count(*) AS n FROM ${table}`);
  return Number(row?.n);
}

async function makeOrders(source: SourceCluster): Promise<void> {
  const { query } = source;
  await dropWithFiles(source, 'sales.orders');
  await query(
    `CREATE EXTERNAL TABLE sales.orders (
      order_id bigint COMMENT 'unique', customer string, amount decimal(10,2), placed_at timestamp, note string
    ) PARTITIONED BY (dt string, region string) STORED AS ORC TBLPROPERTIES ('orc.compress' = 'SNAPPY')`,
  );
  // Notes are the base64 of hashes, so that compression leaves most of their bytes.
  const hashes = [1, 2, 3, 4].map((n) => `base64(unhex(sha2(concat('${n}-', id), 512)))`).join(', ');
  const regions = SEED.regions.map((region) => `'${region}'`).join(', ');
  await query(
    `INSERT OVERWRITE TABLE sales.orders PARTITION (dt, region)
    SELECT id, concat('customer-', pmod(id * 7919, 5000)), CAST(pmod(id * 104729, 1000000) / 100 AS decimal(10,2)),
      CAST(concat(dt, ' ', lpad(pmod(id, 24), 2, '0'), ':', lpad(pmod(id * 31, 60), 2, '0'), ':00') AS timestamp),
      concat(${hashes}), dt, region
    FROM (
      SELECT CAST(n AS bigint) AS id,
        CAST(date_add('${SEED.firstDay}', CAST(floor(n / ${SEED.rowsPerPartition * SEED.regions.length}) AS int)) AS string) AS dt,
        array(${regions})[CAST(pmod(floor(n / ${SEED.rowsPerPartition}), ${SEED.regions.length}) AS int)] AS region
      FROM (SELECT posexplode(split(space(${ORDERS - 1}), ' ')) AS (n, nothing)) numbers
    ) orders`,
  );
}

async function makeCountries(source: SourceCluster): Promise<void> {
  const { query } = source;
  await dropWithFiles(source, 'ref.countries');
  await query('CREATE EXTERNAL TABLE ref.countries (code string, name string, population bigint) STORED AS ORC');
  await query(
    `INSERT OVERWRITE TABLE ref.countries
    SELECT concat(chr(65 + CAST(floor(n / 26) AS int)), chr(65 + pmod(n, 26))), concat('Country ', n), CAST(n AS bigint) * 400000
    FROM (SELECT posexplode(split(space(${SEED.countries - 1}), ' ')) AS (n, nothing)) numbers`,
  );
}

/** Dropping an external table leaves its files; new ones must not mix with them. */
async function dropWithFiles({ query, files }: SourceCluster, table: string): Promise<void> {
  const [database = '', name = ''] = table.split('.');
  const there = await query(`SHOW TABLES IN ${database} '${name}'`);
  const folder = there.length > 0 ? await location(query, table) : `/warehouse/${database}.db/${name}`;
  await query(`DROP TABLE IF EXISTS ${table}`);
  await files.delete(folder);
}

/** The path of a table's folder, without the file system. */
async function location(query: HiveQuery, table: string): Promise<string> {
  const rows = await query(`DESCRIBE FORMATTED ${table}`);
  const row = rows.find(({ col_name }) => String(col_name).trim() === 'Location:');
  return new URL(String(row?.data_type).trim()).pathname;
}
