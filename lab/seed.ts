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
import { type SourceCluster, withSource } from './seed/source-cluster.ts';
import { webClicks } from './seed/web-clicks.ts';
import { wideMoments, wideTypes } from './seed/wide-tables.ts';
import { readLabState } from './state.ts';

/** Every table of the seed but sales.orders and ref.countries; those that take longest first. */
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
/** Sessions on cluster a at once: HiveServer2 runs its queries in its own process, on few cores. */
const SESSIONS = 2;

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
  const waiting = [...TABLES];
  let summary = '';
  const seedNext = async (source: SourceCluster) => {
    for (let table = waiting.shift(); table !== undefined; table = waiting.shift()) {
      if (await ensureSeeded(source, table, scale)) progress(`a has ${table.name}`);
    }
  };
  await Promise.all([
    withSource(async (source) => {
      summary = await seedOrdersAndCountries(source, progress);
      await seedNext(source);
    }),
    ...Array.from({ length: SESSIONS - 1 }, () => withSource(seedNext)),
  ]);
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
