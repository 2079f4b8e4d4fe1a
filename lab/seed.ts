import { withHive } from './hive-session.ts';
import { LabError } from './lab-error.ts';
import { type Progress, progressOnStderr } from './progress.ts';
import { avroReadings, avroSchemas } from './seed/avro-tables.ts';
import { extEvents } from './seed/ext-events.ts';
import { finLedger } from './seed/fin-ledger.ts';
import { geoEmpty } from './seed/geo-empty.ts';
import { logsRaw } from './seed/logs-raw.ts';
import { seedOrdersAndCountries } from './seed/orders-and-countries.ts';
import { reservedWords } from './seed/reserved-words.ts';
import { ensureSeeded, type SeededTable } from './seed/seeded-table.ts';
import { withSource } from './seed/source-cluster.ts';
import { webClicks } from './seed/web-clicks.ts';
import { wideMoments, wideTypes } from './seed/wide-tables.ts';
import { readLabState } from './state.ts';

/** Every table of the seed but sales.orders and ref.countries. */
export const TABLES: readonly SeededTable[] = [
  extEvents,
  webClicks,
  logsRaw,
  finLedger,
  wideTypes,
  avroReadings,
  avroSchemas,
  wideMoments,
  reservedWords,
  geoEmpty,
];

const DATABASES = [...new Set(['sales', 'ref', ...TABLES.map(({ name }) => name.slice(0, name.indexOf('.')))])];

/**
 * Seeds the running lab through HiveServer2: the tables on a, their databases on b. What stands there as the seed made it
 * is left alone; anything else under these names on a is dropped and made anew. `scale` (from 1) is about how much there
 * is in all tables but sales.orders and ref.countries. Returns what is there, in words.
 */
export async function seedLab({
  progress = progressOnStderr(),
  scale = 1,
}: {
  readonly progress?: Progress;
  readonly scale?: number;
} = {}): Promise<string> {
  if (readLabState() === undefined) throw new LabError('The lab is not up: npm run lab -- up');
  for (const cluster of ['a', 'b'] as const) {
    await withHive(cluster, async (query) => {
      for (const name of DATABASES) await query(`CREATE DATABASE IF NOT EXISTS \`${name}\``);
    });
  }
  // One statement at a time: queries that HiveServer2 runs in its own process (Tez in local mode) fail in each other's way.
  const summary = await withSource(async (source) => {
    const seeded = await seedOrdersAndCountries(source, progress);
    for (const table of TABLES) {
      if (await ensureSeeded(source, table, scale)) progress(`a has ${table.name}`);
    }
    return seeded;
  });
  progress('all that is seeded is there');
  return [
    summary,
    ...TABLES.map((table) => lineOf(table, scale)),
    `cluster b   databases ${DATABASES.join(', ')}, for the copies`,
  ].join('\n');
}

function lineOf({ name, shape, partitions, rows }: SeededTable, scale: number): string {
  const size = partitions === undefined ? 'not partitioned' : `${partitions} partitions`;
  return `            ${name.padEnd(13)}  ${size}, ${rows(scale)} rows: ${shape}`;
}
