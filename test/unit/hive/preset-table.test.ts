import { describe, expect, it } from '@jest/globals';
import { codeOf } from '../../../errors/ferry-error.ts';
import { carriedTable } from '../../../hive/carried-properties.ts';
import { classifyDrift } from '../../../hive/drift.ts';
import { type HiveType, readType } from '../../../hive/hive-type.ts';
import {
  type PresetTable,
  STORAGE_FORMATS,
  type StorageFormat,
  tableFromPreset,
  whyNotStored,
} from '../../../hive/preset-table.ts';
import { whyUnsupported } from '../../../hive/supported.ts';

const NAME = { database: 'Sales', table: 'Orders' };
const LOCATION = 'hdfs://b:8020/warehouse/sales.db/orders';
const ORDERS: PresetTable = {
  columns: [
    { name: 'ID', type: 'BIGINT' },
    { name: 'amount', type: 'numeric(10, 2)', comment: "it's in €" },
  ],
  partitionedBy: [{ name: 'Dt', type: 'date', comment: 'day' }],
  storedAs: 'PARQUET',
  properties: { 'parquet.compression': 'ZSTD' },
  comment: 'all orders',
};

describe('the table of a preset', () => {
  it('is an external one at its location, with names and types as the catalog writes them', () => {
    expect(tableFromPreset(ORDERS, NAME, LOCATION)).toEqual({
      database: 'sales',
      name: 'orders',
      owner: '',
      kind: 'EXTERNAL_TABLE',
      storage: {
        columns: [
          { name: 'id', type: 'bigint' },
          { name: 'amount', type: 'decimal(10,2)', comment: "it's in €" },
        ],
        location: LOCATION,
        inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        serde: {
          library: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
          parameters: { 'serialization.format': '1' },
        },
        compressed: false,
        numBuckets: -1,
        bucketColumns: [],
        sortColumns: [],
        parameters: {},
        storedAsSubDirectories: false,
      },
      partitionKeys: [{ name: 'dt', type: 'date', comment: 'day' }],
      parameters: {
        'parquet.compression': 'ZSTD',
        comment: 'all orders',
        bucketing_version: '2',
        EXTERNAL: 'TRUE',
        'external.table.purge': 'false',
        'discover.partitions': 'false',
      },
      createTime: 0,
    });
  });

  it('is unpartitioned when it names no keys', () => {
    const { partitionedBy: _, ...rest } = ORDERS;
    expect(tableFromPreset(rest, NAME, LOCATION).partitionKeys).toEqual([]);
  });

  it('has the classes it names', () => {
    const storedAs = {
      inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      serde: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
      serdeProperties: { separatorChar: ';', 'serialization.format': '9' },
    };
    const { storage } = tableFromPreset({ ...ORDERS, storedAs }, NAME, LOCATION);
    expect(storage).toMatchObject({
      inputFormat: storedAs.inputFormat,
      outputFormat: storedAs.outputFormat,
      serde: { library: storedAs.serde, parameters: storedAs.serdeProperties },
    });
  });

  it('keeps what makes it a copy, whatever its properties say', () => {
    const properties = { EXTERNAL: 'FALSE', 'external.table.purge': 'true', 'discover.partitions': 'true' };
    const { parameters } = tableFromPreset({ ...ORDERS, properties }, NAME, LOCATION);
    expect(parameters).toMatchObject({
      EXTERNAL: 'TRUE',
      'external.table.purge': 'false',
      'discover.partitions': 'false',
    });
  });

  it.each(STORAGE_FORMATS)('stored as %s can be copied into, and is what it is once it is there', (storedAs) => {
    const table = tableFromPreset({ ...ORDERS, storedAs }, NAME, LOCATION);
    expect(whyUnsupported(table)).toEqual([]);
    expect(carriedTable(table, ['hdfs://a:8020'])).toEqual({ table, refused: [] });
    const seen = { ...table, owner: 'hive', createTime: 1_800_000_000, id: '1' };
    expect(classifyDrift(table, seen)).toEqual({ kind: 'identical' });
  });

  it('refuses a type that is none', () => {
    const columns = [{ name: 'a', type: 'strng' }];
    const made = (): unknown => tableFromPreset({ ...ORDERS, columns }, NAME, LOCATION);
    expect(made).toThrow('the type of the column a: strng is unknown');
    try {
      made();
    } catch (error) {
      expect(codeOf(error)).toBe('SPEC_INVALID');
    }
  });
});

describe('what files cannot hold (Hive 4.0.1)', () => {
  it.each<[StorageFormat, string, string, string | undefined]>([
    ['ORC', 'a b', 'uniontype<int,map<date,struct<a b:int>>>', undefined],
    ['TEXTFILE', 'a b', 'map<int,timestamp with local time zone>', undefined],
    ['PARQUET', 'a', 'map<int,date>', undefined],
    ['PARQUET', 'a', 'array<uniontype<int,string>>', 'Parquet has no uniontype'],
    ['PARQUET', 'a', 'timestamp with local time zone', 'Hive does not store timestamp with local time zone in Parquet'],
    ['PARQUET', 'a', 'struct<a b:int>', 'Hive writes no field named "a b" to Parquet'],
    ['PARQUET', 'ünï', 'int', undefined],
    ['AVRO', 'a', 'array<map<string,uniontype<int,string>>>', undefined],
    ['AVRO', 'a', 'array<map<int,int>>', 'in Avro the key of a map is a string'],
    ['AVRO', 'a', 'timestamp with local time zone', 'Hive does not store timestamp with local time zone in Avro'],
    ['AVRO', 'ünï', 'int', 'Avro has no field named "ünï"'],
    ['AVRO', 'a', 'struct<1:int>', 'Avro has no field named "1"'],
  ])('%s: a column %s of type %s: %s', (format, column, type, reason) => {
    expect(whyNotStored(format, column, readType(type) as HiveType)).toBe(reason);
  });
});
