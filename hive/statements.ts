import type { CatalogChange, PartitionAlteration } from './change.ts';
import { parsePartitionName, quoteString, quoteValue } from './partition-name.ts';
import type { Column, StorageDescriptor, Table, TableName } from './table.ts';

/**
 * A change as HiveQL for people to read and to paste: statements without their semicolon (a table's definition has
 * several lines), and comments ('-- ...') for what HiveQL has no statement for. Partition values are quoted as strings,
 * which Hive takes for every type; their keys' names are read from the partitions' folders.
 */
export function statementsOf(change: CatalogChange): readonly string[] {
  return statementsFor(change, []);
}

/** The same, with the table's partition keys, by whose names and types values are written. */
export function statementsFor(change: CatalogChange, keys: readonly Column[]): readonly string[] {
  switch (change.kind) {
    case 'create-database':
      return [createDatabase(change.database, change.location)];
    case 'create-table':
      return [createTable(change.table)];
    case 'add-columns': {
      const columns = change.columns.map(columnText).join(', ');
      return [`ALTER TABLE ${nameText(change.of)} ADD COLUMNS (${columns})${change.cascade ? ' CASCADE' : ''}`];
    }
    case 'add-partitions':
      return change.partitions.map(({ values, storage }) => {
        const spec = specText(keysOf(keys, values, storage.location), values);
        return `ALTER TABLE ${nameText(change.of)} ADD IF NOT EXISTS PARTITION (${spec}) LOCATION ${quoteString(storage.location)}`;
      });
    case 'alter-partitions':
      return change.partitions.flatMap((one) => alterPartition(change.of, keys, one));
    case 'drop-partitions':
      return change.names.map((name) => {
        const pairs = parsePartitionName(name);
        const typed = pairs.map(({ key }, i) => keys[i] ?? { name: key, type: 'string' });
        const spec = specText(
          typed,
          pairs.map(({ value }) => value),
        );
        return `ALTER TABLE ${nameText(change.of)} DROP IF EXISTS PARTITION (${spec})`;
      });
    case 'move-table':
      return [
        `ALTER TABLE ${nameText(change.of)} SET LOCATION ${quoteString(change.location)}`,
        ...setProperties(change.of, change.parameters),
      ];
    case 'set-properties':
      return setProperties(change.of, change.parameters);
  }
}

/** A name in backticks; one within is doubled. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function createDatabase(database: string, location: string | undefined): string {
  const where = location === undefined ? '' : ` LOCATION ${quoteString(location)}`;
  return `CREATE DATABASE IF NOT EXISTS ${quoteName(database)}${where}`;
}

function createTable(table: Table): string {
  const { storage } = table;
  return [
    `CREATE${table.kind === 'EXTERNAL_TABLE' ? ' EXTERNAL' : ''} TABLE IF NOT EXISTS ${nameText({ database: table.database, table: table.name })} (`,
    storage.columns.map((column) => `  ${columnText(column)}`).join(',\n'),
    ')',
    ...(table.partitionKeys.length > 0 ? [`PARTITIONED BY (${table.partitionKeys.map(columnText).join(', ')})`] : []),
    ...clusteredText(storage),
    ...skewedText(storage),
    `ROW FORMAT SERDE ${quoteString(storage.serde.library)}`,
    ...propertiesText('WITH SERDEPROPERTIES', storage.serde.parameters),
    `STORED AS INPUTFORMAT ${quoteString(storage.inputFormat)} OUTPUTFORMAT ${quoteString(storage.outputFormat)}`,
    `LOCATION ${quoteString(storage.location)}`,
    ...propertiesText('TBLPROPERTIES', withoutKind(table.parameters)),
  ].join('\n');
}

function alterPartition(of: TableName, keys: readonly Column[], one: PartitionAlteration): string[] {
  const partition = `ALTER TABLE ${nameText(of)} PARTITION (${specText(keysOf(keys, one.values, one.location), one.values)})`;
  const { storage } = one;
  const moved = one.location === one.expectLocation ? [] : [`${partition} SET LOCATION ${quoteString(one.location)}`];
  const formats =
    storage === undefined
      ? []
      : [
          `${partition} SET FILEFORMAT INPUTFORMAT ${quoteString(storage.inputFormat)} ` +
            `OUTPUTFORMAT ${quoteString(storage.outputFormat)} SERDE ${quoteString(storage.serde.library)}`,
          `${partition} REPLACE COLUMNS (${storage.columns.map(columnText).join(', ')})`,
        ];
  const parameters = Object.entries(one.parameters).map(([key, value]) => `${quoteString(key)}=${quoteString(value)}`);
  const set = parameters.length === 0 ? [] : [`-- parameters of that partition: ${parameters.sort().join(', ')}`];
  return [...moved, ...formats, `${partition} UPDATE STATISTICS SET ('numRows'='-1')`, ...set];
}

function setProperties(of: TableName, parameters: Readonly<Record<string, string>>): string[] {
  return propertiesText(`ALTER TABLE ${nameText(of)} SET TBLPROPERTIES`, parameters);
}

/** Nothing when there are none: HiveQL knows no empty list. Sorted, so that a plan prints the same every time. */
function propertiesText(clause: string, properties: Readonly<Record<string, string>>): string[] {
  const pairs = Object.entries(properties)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${quoteString(key)}=${quoteString(value)}`);
  return pairs.length === 0 ? [] : [`${clause} (${pairs.join(', ')})`];
}

/** CREATE EXTERNAL says it; HiveQL refuses the property. */
function withoutKind(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => key !== 'EXTERNAL'));
}

function clusteredText(storage: StorageDescriptor): string[] {
  if (storage.numBuckets <= 0 || storage.bucketColumns.length === 0) return [];
  const order = storage.sortColumns.map((one) => `${quoteName(one.column)} ${one.order === 0 ? 'DESC' : 'ASC'}`);
  const sorted = order.length === 0 ? '' : ` SORTED BY (${order.join(', ')})`;
  const by = storage.bucketColumns.map(quoteName).join(', ');
  return [`CLUSTERED BY (${by})${sorted} INTO ${storage.numBuckets} BUCKETS`];
}

function skewedText({ skewed, storedAsSubDirectories }: StorageDescriptor): string[] {
  if (skewed === undefined) return [];
  const values = skewed.values.map((row) => `(${row.map(quoteString).join(', ')})`).join(', ');
  const directories = storedAsSubDirectories ? ' STORED AS DIRECTORIES' : '';
  return [`SKEWED BY (${skewed.columns.map(quoteName).join(', ')}) ON (${values})${directories}`];
}

/** '`db`.`table`'. */
export function nameText(name: TableName): string {
  return `${quoteName(name.database)}.${quoteName(name.table)}`;
}

/** A column as CREATE TABLE and ADD COLUMNS take it. */
export function columnText(column: Column): string {
  const comment = column.comment ? ` COMMENT ${quoteString(column.comment)}` : '';
  return `${quoteName(column.name)} ${column.type}${comment}`;
}

function specText(keys: readonly Column[], values: readonly string[]): string {
  return values
    .map((value, i) => {
      const { name, type } = keys[i] ?? { name: `key ${i + 1}`, type: 'string' };
      return `${quoteName(name)}=${quoteValue(type, value)}`;
    })
    .join(', ');
}

/** Where the keys are not given, their names are read from the folders of the location, as far as it has them. */
function keysOf(keys: readonly Column[], values: readonly string[], location: string): readonly Column[] {
  if (keys.length > 0) return keys;
  return location
    .split('/')
    .slice(-values.length)
    .map((folder, i) => {
      const at = folder.indexOf('=');
      return { name: at > 0 ? folder.slice(0, at) : `key ${i + 1}`, type: 'string' };
    });
}
