/** Between the metastore's own objects and those of the port. */
import { withRecordsAsParameters } from '../registered-records.ts';
import type { Database, Partition, StorageDescriptor, Table, TableKind } from '../table.ts';
import type * as Raw from './gen/hive-metastore_types.js';
import types from './gen/hive-metastore_types.js';

export function toDatabase(raw: Raw.Database): Database {
  return { name: raw.name, location: raw.locationUri };
}

export function toTable(raw: Raw.Table): Table {
  const id = raw.id === undefined || raw.id === null ? undefined : bigintOf(raw.id).toString();
  return {
    database: raw.dbName,
    name: raw.tableName,
    owner: raw.owner ?? '',
    kind: (raw.tableType ?? 'MANAGED_TABLE') as TableKind,
    storage: toStorage(raw.sd),
    partitionKeys: (raw.partitionKeys ?? []).map(toColumn),
    parameters: { ...raw.parameters },
    createTime: raw.createTime,
    ...(id === undefined ? {} : { id }),
  };
}

export function toPartition(raw: Raw.Partition): Partition {
  return withRecordsAsParameters({
    values: [...raw.values],
    storage: toStorage(raw.sd),
    parameters: { ...raw.parameters },
  });
}

/** A new table; one of kind EXTERNAL_TABLE is stored as such only with the parameter EXTERNAL. */
export function fromTable(table: Table, parameters: Readonly<Record<string, string>>): Raw.Table {
  const external: Record<string, string> = table.kind === 'EXTERNAL_TABLE' ? { EXTERNAL: 'TRUE' } : {};
  return new types.Table({
    tableName: table.name.toLowerCase(),
    dbName: table.database.toLowerCase(),
    owner: table.owner,
    createTime: now(),
    lastAccessTime: 0,
    retention: 0,
    sd: fromStorage(table.storage),
    partitionKeys: table.partitionKeys.map(fromColumn),
    parameters: { ...parameters, ...external },
    viewOriginalText: absent(),
    viewExpandedText: absent(),
    tableType: table.kind,
  });
}

export function fromPartition(
  of: Raw.Table,
  partition: Partition,
  parameters: Readonly<Record<string, string>>,
): Raw.Partition {
  return new types.Partition({
    values: [...partition.values],
    dbName: of.dbName,
    tableName: of.tableName,
    createTime: now(),
    lastAccessTime: 0,
    sd: fromStorage(partition.storage),
    parameters: { ...parameters },
  });
}

export function fromStorage(storage: StorageDescriptor): Raw.StorageDescriptor {
  return new types.StorageDescriptor({
    cols: storage.columns.map(fromColumn),
    location: storage.location,
    inputFormat: storage.inputFormat,
    outputFormat: storage.outputFormat,
    compressed: storage.compressed,
    numBuckets: storage.numBuckets,
    serdeInfo: new types.SerDeInfo({
      name: absent(),
      serializationLib: storage.serde.library,
      parameters: { ...storage.serde.parameters },
    }),
    bucketCols: [...storage.bucketColumns],
    sortCols: storage.sortColumns.map(({ column, order }) => new types.Order({ col: column, order })),
    parameters: { ...storage.parameters },
    skewedInfo: new types.SkewedInfo({
      skewedColNames: [...(storage.skewed?.columns ?? [])],
      skewedColValues: (storage.skewed?.values ?? []).map((values) => [...values]),
      skewedColValueLocationMaps: {} as never,
    }),
    storedAsSubDirectories: storage.storedAsSubDirectories,
  });
}

export function fromColumn(column: {
  readonly name: string;
  readonly type: string;
  readonly comment?: string;
}): Raw.FieldSchema {
  return new types.FieldSchema({
    name: column.name.toLowerCase(),
    type: column.type,
    comment: column.comment ?? absent(),
  });
}

/** The number of an i64, whole: node-int64 makes Infinity of what is beyond 2^53. */
export function bigintOf(i64: { readonly buffer: Buffer; readonly offset: number }): bigint {
  return i64.buffer.readBigInt64BE(i64.offset);
}

function toStorage(raw: Raw.StorageDescriptor): StorageDescriptor {
  const skewed = raw.skewedInfo;
  const isSkewed = (skewed?.skewedColNames ?? []).length > 0;
  return {
    columns: (raw.cols ?? []).map(toColumn),
    location: raw.location ?? '',
    inputFormat: raw.inputFormat ?? '',
    outputFormat: raw.outputFormat ?? '',
    serde: { library: raw.serdeInfo?.serializationLib ?? '', parameters: { ...raw.serdeInfo?.parameters } },
    compressed: raw.compressed ?? false,
    numBuckets: raw.numBuckets ?? -1,
    bucketColumns: [...(raw.bucketCols ?? [])],
    sortColumns: (raw.sortCols ?? []).map(({ col, order }) => ({ column: col, order })),
    parameters: { ...raw.parameters },
    ...(isSkewed && skewed ? { skewed: { columns: skewed.skewedColNames, values: skewed.skewedColValues ?? [] } } : {}),
    storedAsSubDirectories: raw.storedAsSubDirectories ?? false,
  };
}

function toColumn(raw: Raw.FieldSchema): { name: string; type: string; comment?: string } {
  return { name: raw.name, type: raw.type, ...(typeof raw.comment === 'string' ? { comment: raw.comment } : {}) };
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** Thrift leaves out what is undefined; the declarations of the generated client know only present strings. */
function absent(): string {
  return undefined as unknown as string;
}
