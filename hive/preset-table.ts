import { FerryError } from '../errors/ferry-error.ts';
import { FORCED } from './carried-properties.ts';
import { type HiveType, readType } from './hive-type.ts';
import type { Column, StorageDescriptor, Table, TableName } from './table.ts';

/** The classes by which a table's files are read and written. */
export type StorageClasses = {
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serde: string;
  readonly serdeProperties?: Readonly<Record<string, string>>;
};

const MAPRED = 'org.apache.hadoop.mapred';
const HIVE_IO = 'org.apache.hadoop.hive.ql.io';
const SERDE2 = 'org.apache.hadoop.hive.serde2';

/** What Hive 4 makes of STORED AS (the StorageFormatDescriptors of hive-exec; hive.default.rcfile.serde). */
const FORMATS = {
  ORC: {
    inputFormat: `${HIVE_IO}.orc.OrcInputFormat`,
    outputFormat: `${HIVE_IO}.orc.OrcOutputFormat`,
    serde: `${HIVE_IO}.orc.OrcSerde`,
  },
  PARQUET: {
    inputFormat: `${HIVE_IO}.parquet.MapredParquetInputFormat`,
    outputFormat: `${HIVE_IO}.parquet.MapredParquetOutputFormat`,
    serde: `${HIVE_IO}.parquet.serde.ParquetHiveSerDe`,
  },
  TEXTFILE: {
    inputFormat: `${MAPRED}.TextInputFormat`,
    outputFormat: `${HIVE_IO}.HiveIgnoreKeyTextOutputFormat`,
    serde: `${SERDE2}.lazy.LazySimpleSerDe`,
  },
  AVRO: {
    inputFormat: `${HIVE_IO}.avro.AvroContainerInputFormat`,
    outputFormat: `${HIVE_IO}.avro.AvroContainerOutputFormat`,
    serde: `${SERDE2}.avro.AvroSerDe`,
  },
  SEQUENCEFILE: {
    inputFormat: `${MAPRED}.SequenceFileInputFormat`,
    outputFormat: `${HIVE_IO}.HiveSequenceFileOutputFormat`,
    serde: `${SERDE2}.lazy.LazySimpleSerDe`,
  },
  RCFILE: {
    inputFormat: `${HIVE_IO}.RCFileInputFormat`,
    outputFormat: `${HIVE_IO}.RCFileOutputFormat`,
    serde: `${SERDE2}.columnar.LazyBinaryColumnarSerDe`,
  },
} as const satisfies Record<string, StorageClasses>;

export type StorageFormat = keyof typeof FORMATS;

export const STORAGE_FORMATS = Object.keys(FORMATS) as [StorageFormat, ...StorageFormat[]];

/** The definition of a target table that is given instead of taken from the source's. */
export type PresetTable = {
  readonly columns: readonly Column[];
  /** The partition keys, in order. Default: none, an unpartitioned table. */
  readonly partitionedBy?: readonly Column[];
  readonly storedAs: StorageFormat | StorageClasses;
  readonly properties?: Readonly<Record<string, string>>;
  readonly comment?: string;
};

/**
 * The table that a preset describes, as CREATE EXTERNAL TABLE would make it: names in lower case, types in the catalog's
 * form; its files outlive it, and nothing finds or drops its partitions by itself. `location` is a full URI. It has no
 * owner and no age.
 * @throws FerryError SPEC_INVALID for a column type that is none.
 */
export function tableFromPreset(preset: PresetTable, name: TableName, location: string): Table {
  return {
    database: name.database.toLowerCase(),
    name: name.table.toLowerCase(),
    owner: '',
    kind: 'EXTERNAL_TABLE',
    storage: storageOf(preset, location),
    partitionKeys: (preset.partitionedBy ?? []).map(columnOf),
    parameters: {
      ...preset.properties,
      ...(preset.comment === undefined ? {} : { comment: preset.comment }),
      bucketing_version: '2',
      ...FORCED,
    },
    createTime: 0,
  };
}

function storageOf({ columns, storedAs }: PresetTable, location: string): StorageDescriptor {
  const { inputFormat, outputFormat, serde, serdeProperties }: StorageClasses =
    typeof storedAs === 'string' ? FORMATS[storedAs] : storedAs;
  return {
    columns: columns.map(columnOf),
    location,
    inputFormat,
    outputFormat,
    serde: { library: serde, parameters: { 'serialization.format': '1', ...serdeProperties } },
    compressed: false,
    numBuckets: -1,
    bucketColumns: [],
    sortColumns: [],
    parameters: {},
    storedAsSubDirectories: false,
  };
}

function columnOf({ name, type, comment }: Column): Column {
  const read = readType(type);
  if ('mistake' in read) throw new FerryError('SPEC_INVALID', `the type of the column ${name}: ${read.mistake}`);
  return { name: name.toLowerCase(), type: read.text, ...(comment === undefined ? {} : { comment }) };
}

/**
 * Why files of that format cannot hold a column of that name and type; undefined: they can. CREATE TABLE would say so; a
 * metastore does not, and leaves it to the first query. Tried on Hive 4.0.1.
 */
export function whyNotStored(format: StorageFormat, column: string, type: HiveType): string | undefined {
  return whyNoField(format, column) ?? whyNotHeld(format, type);
}

function whyNotHeld(format: StorageFormat, type: HiveType): string | undefined {
  const inner = type.of.map((each) => whyNotHeld(format, each));
  return ownReason(format, type) ?? inner.find((reason) => reason !== undefined);
}

function whyNoField(format: StorageFormat, name: string): string | undefined {
  if (format === 'AVRO' && !/^[A-Za-z_]\w*$/.test(name)) return `Avro has no field named ${JSON.stringify(name)}`;
  if (format === 'PARQUET' && / /.test(name)) return `Hive writes no field named ${JSON.stringify(name)} to Parquet`;
  return undefined;
}

function ownReason(format: StorageFormat, { kind, text, of, fields }: HiveType): string | undefined {
  if (format === 'PARQUET' && kind === 'uniontype') return 'Parquet has no uniontype';
  if (format !== 'PARQUET' && format !== 'AVRO') return undefined;
  const named = format === 'AVRO' ? 'Avro' : 'Parquet';
  if (text === 'timestamp with local time zone') return `Hive does not store ${text} in ${named}`;
  if (format === 'AVRO' && kind === 'map' && of[0]?.text !== 'string') return 'in Avro the key of a map is a string';
  return fields?.map((field) => whyNoField(format, field)).find((reason) => reason !== undefined);
}
