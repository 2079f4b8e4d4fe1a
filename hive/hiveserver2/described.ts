/**
 * What HiveServer2 answers to DESCRIBE ... EXTENDED while `hive.ddl.output.format` is json: one row, whose text is the
 * metastore's own object as JSON (JsonDescTableFormatter, JsonDescDatabaseFormatter of Hive 4). Nothing in it is cut,
 * merged or quoted, as it is in the tables of DESCRIBE FORMATTED or in EXPLAIN EXTENDED.
 */
import { FerryError } from '../../errors/ferry-error.ts';
import { withRecordsAsParameters } from '../registered-records.ts';
import type { Column, Database, Partition, StorageDescriptor, Table, TableKind } from '../table.ts';

type Json = Readonly<Record<string, unknown>>;

/** @throws FerryError BAD_ANSWER when the text is not a table's description. */
export function describedTable(text: string): Table {
  const info = part(parsed(text), 'tableInfo');
  const { id } = info;
  return {
    database: textAt(info, 'dbName'),
    name: textAt(info, 'tableName'),
    owner: typeof info.owner === 'string' ? info.owner : '',
    kind: textAt(info, 'tableType') as TableKind,
    storage: storageOf(part(info, 'sd')),
    partitionKeys: listAt(info, 'partitionKeys').map(columnOf),
    parameters: propertiesAt(info, 'parameters'),
    createTime: numberAt(info, 'createTime'),
    ...(typeof id === 'number' && info.setId === true ? { id: String(id) } : {}),
  };
}

/** @throws FerryError BAD_ANSWER when the text is not a partition's description. */
export function describedPartition(text: string): Partition {
  const info = part(parsed(text), 'partitionInfo');
  return withRecordsAsParameters({
    values: textsAt(info, 'values'),
    storage: storageOf(part(info, 'sd')),
    parameters: propertiesAt(info, 'parameters'),
  });
}

/** @throws FerryError BAD_ANSWER when the text is not a database's description. */
export function describedDatabase(text: string): Database {
  const info = parsed(text);
  return { name: textAt(info, 'database').toLowerCase(), location: textAt(info, 'location') };
}

function storageOf(sd: Json): StorageDescriptor {
  const serde = part(sd, 'serdeInfo');
  const skewed = isJson(sd.skewedInfo) ? sd.skewedInfo : {};
  const skewedColumns = textsAt(skewed, 'skewedColNames');
  return {
    columns: listAt(sd, 'cols').map(columnOf),
    location: typeof sd.location === 'string' ? sd.location : '',
    inputFormat: typeof sd.inputFormat === 'string' ? sd.inputFormat : '',
    outputFormat: typeof sd.outputFormat === 'string' ? sd.outputFormat : '',
    serde: {
      library: typeof serde.serializationLib === 'string' ? serde.serializationLib : '',
      parameters: propertiesAt(serde, 'parameters'),
    },
    compressed: sd.compressed === true,
    numBuckets: numberAt(sd, 'numBuckets'),
    bucketColumns: textsAt(sd, 'bucketCols'),
    sortColumns: listAt(sd, 'sortCols').map((one) => {
      const order = json(one, 'sortCols');
      return { column: textAt(order, 'col'), order: numberAt(order, 'order') };
    }),
    parameters: propertiesAt(sd, 'parameters'),
    ...(skewedColumns.length > 0
      ? { skewed: { columns: skewedColumns, values: listAt(skewed, 'skewedColValues').map(texts) } }
      : {}),
    storedAsSubDirectories: sd.storedAsSubDirectories === true,
  };
}

function columnOf(value: unknown): Column {
  const column = json(value, 'cols');
  const { comment } = column;
  return {
    name: textAt(column, 'name'),
    type: textAt(column, 'type'),
    ...(typeof comment === 'string' ? { comment } : {}),
  };
}

function parsed(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FerryError('BAD_ANSWER', `HiveServer2 described something in words, not as JSON: ${text.slice(0, 200)}`, {
      cause: error,
    });
  }
  return json(value, 'answer');
}

function part(of: Json, name: string): Json {
  return json(of[name], name);
}

function json(value: unknown, name: string): Json {
  if (isJson(value)) return value;
  throw missing(name, value);
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textAt(of: Json, name: string): string {
  const value = of[name];
  if (typeof value === 'string') return value;
  throw missing(name, value);
}

function numberAt(of: Json, name: string): number {
  const value = of[name];
  if (typeof value === 'number') return value;
  throw missing(name, value);
}

/** A list that Thrift left unset comes as null. */
function listAt(of: Json, name: string): readonly unknown[] {
  const value = of[name] ?? [];
  if (Array.isArray(value)) return value;
  throw missing(name, value);
}

function textsAt(of: Json, name: string): readonly string[] {
  return texts(listAt(of, name));
}

function texts(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw missing('a list of texts', value);
}

function propertiesAt(of: Json, name: string): Readonly<Record<string, string>> {
  const value = of[name] ?? {};
  if (isJson(value) && Object.values(value).every((one) => typeof one === 'string'))
    return value as Readonly<Record<string, string>>;
  throw missing(name, value);
}

function missing(name: string, value: unknown): FerryError {
  return new FerryError(
    'BAD_ANSWER',
    `HiveServer2's description has no readable ${name} (${JSON.stringify(value)?.slice(0, 100)})`,
  );
}
