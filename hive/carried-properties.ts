import { withoutStatistics } from './statistics.ts';
import type { Table } from './table.ts';

/** What tells of one cluster's table only: its history, other engines' counters, replication, our own records. */
const DROPPED: readonly RegExp[] = [
  /^transient_lastDdlTime$/,
  /^last_modified_(by|time)$/,
  /^EXTERNAL$/i,
  /^TRANSLATED_TO_EXTERNAL$/i,
  /^repl\./,
  /^impala\./,
  /^spark\.sql\.statistics\./,
  // Drops partitions in the background as they grow old.
  /^partition\.retention\.period$/,
  /^hive-ferry\./,
];

/** Whatever the source says: a copy is external, its files outlive it, and nothing finds or drops partitions by itself. */
export const FORCED: Readonly<Record<string, string>> = {
  EXTERNAL: 'TRUE',
  'external.table.purge': 'false',
  'discover.partitions': 'false',
};

/** Properties whose value is a place by definition, so that a path without a file system is one of the cluster that reads it. */
const PLACES: readonly string[] = ['path', 'location', 'avro.schema.url'];

/** The parameters of a partition that its copy is given. */
export function carriedParameters(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(withoutStatistics(parameters)).filter(([name]) => !DROPPED.some((pattern) => pattern.test(name))),
  );
}

/**
 * The definition that a copy is created with. `refused` lists, as 'property = value', what would let the target read
 * from the source, or from where only the source has files: values that hold one of the source's prefixes
 * ('hdfs://nn:8020') or an 'hdfs:///' of no named cluster, and places without a file system. Places elsewhere
 * (an object store, a schema registry) are carried.
 */
export function carriedTable(
  table: Table,
  sourceFileSystems: readonly string[],
): { table: Table; refused: readonly string[] } {
  const parameters = { ...carriedParameters(table.parameters), ...FORCED };
  const refused = placesAtSource({ parameters, storage: table.storage }, sourceFileSystems);
  return { table: { ...table, kind: 'EXTERNAL_TABLE', parameters }, refused };
}

/** The properties of a table or partition, as 'property = value', that let a copy read from the source (see carriedTable). */
export function placesAtSource(
  { parameters, storage }: Pick<Table, 'parameters' | 'storage'>,
  sourceFileSystems: readonly string[],
): readonly string[] {
  return [parameters, storage.serde.parameters, storage.parameters].flatMap((properties) =>
    Object.entries(properties)
      .filter(([name, value]) => pointsToSource(name, value, sourceFileSystems))
      .map(([name, value]) => `${name} = ${value}`),
  );
}

function pointsToSource(name: string, value: string, sourceFileSystems: readonly string[]): boolean {
  const lower = value.toLowerCase();
  if (/\b((s?web)?hdfs|viewfs):\/(?!\/[^/])/.test(lower)) return true;
  if (PLACES.includes(name.toLowerCase()) && !/^[a-z][a-z0-9+.-]*:/.test(lower)) return true;
  return sourceFileSystems.some((prefix) => holdsPrefix(lower, prefix.toLowerCase()));
}

/** 'hdfs://nn' is not in 'hdfs://nn:8020/x' or 'hdfs://nn2/x'. */
function holdsPrefix(value: string, prefix: string): boolean {
  for (let at = value.indexOf(prefix); at >= 0; at = value.indexOf(prefix, at + 1)) {
    const next = value.charAt(at + prefix.length);
    if (!/[a-z0-9.:_-]/.test(next)) return true;
  }
  return false;
}
