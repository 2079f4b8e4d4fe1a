import { withoutStatistics } from './statistics.ts';
import type { Table } from './table.ts';

const DROPPED = [
  /^transient_lastDdlTime$/,
  /^EXTERNAL$/i,
  /^TRANSLATED_TO_EXTERNAL$/i,
  /^last_modified_/,
  /^repl\./,
  /^impala\./,
  /^hive-ferry\./,
];

/** The parameters of a partition that its copy is given. */
export function carriedParameters(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(withoutStatistics(parameters)).filter(([name]) => !DROPPED.some((pattern) => pattern.test(name))),
  );
}

/** The definition that a copy is created with; `refused` names the properties that point back to the source's file system. */
export function carriedTable(
  table: Table,
  sourceFileSystems: readonly string[],
): { table: Table; refused: readonly string[] } {
  const parameters = {
    ...carriedParameters(table.parameters),
    EXTERNAL: 'TRUE',
    'external.table.purge': 'false',
    'discover.partitions': 'false',
  };
  const refused = [parameters, table.storage.serde.parameters, table.storage.parameters].flatMap((properties) =>
    Object.entries(properties)
      .filter(([, value]) => sourceFileSystems.some((prefix) => value.includes(prefix)))
      .map(([name, value]) => `${name} = ${value}`),
  );
  return { table: { ...table, parameters }, refused };
}
