import { describe, expect, it } from '@jest/globals';
import { whyUnsupported } from '../../../hive/supported.ts';
import type { Table } from '../../../hive/table.ts';
import { sampleTable, textTable } from './sample-table.ts';

const withParameters = (parameters: Readonly<Record<string, string>>): Table => sampleTable({ parameters });

describe('tables that can be copied', () => {
  it.each<[string, Table]>([
    ['external', sampleTable()],
    ['managed', sampleTable({ kind: 'MANAGED_TABLE' })],
    ['text', textTable({ 'field.delim': ',' })],
    ['transactional=false', withParameters({ transactional: 'false' })],
    [
      'written by Spark',
      withParameters({ 'spark.sql.sources.provider': 'parquet', 'spark.sql.create.version': '3.5.0' }),
    ],
    ['bucketed', sampleTable({}, { numBuckets: 4, bucketColumns: ['id'] })],
    ['skewed, without directories', sampleTable({}, { skewed: { columns: ['id'], values: [['1']] } })],
    ['of a name like a format', sampleTable({ name: 'iceberg_sales' }, { location: 'hdfs://a/hudi/delta' })],
  ])('%s', (_, table) => {
    expect(whyUnsupported(table)).toEqual([]);
  });
});

describe('tables that cannot', () => {
  it.each<[string, Table, RegExp[]]>([
    ['a view', sampleTable({ kind: 'VIRTUAL_VIEW' }, { location: '' }), [/^it is a view$/]],
    ['a materialised view', sampleTable({ kind: 'MATERIALIZED_VIEW' }), [/materialised view/]],
    ['an index', sampleTable({ kind: 'INDEX_TABLE' }), [/INDEX_TABLE/]],
    ['case 45: ACID', withParameters({ transactional: 'true' }), [/\(ACID\)/]],
    ['ACID in capitals', withParameters({ TRANSACTIONAL: 'TRUE', transactional_properties: 'default' }), [/\(ACID\)/]],
    [
      'insert-only',
      withParameters({ transactional: 'true', transactional_properties: 'insert_only' }),
      [/insert-only/],
    ],
    [
      'HBase',
      withParameters({ storage_handler: 'org.apache.hadoop.hive.hbase.HBaseStorageHandler' }),
      [/storage handler .*HBase/],
    ],
    [
      'Iceberg by handler',
      withParameters({ storage_handler: 'org.apache.iceberg.mr.hive.HiveIcebergStorageHandler' }),
      [/Iceberg/, /storage handler/],
    ],
    ['Iceberg by table_type', withParameters({ table_type: 'ICEBERG' }), [/Iceberg/]],
    ['Iceberg by metadata', withParameters({ metadata_location: 'hdfs://a/m.json' }), [/Iceberg/]],
    [
      'Iceberg by format',
      sampleTable({}, { inputFormat: 'org.apache.iceberg.mr.hive.HiveIcebergInputFormat' }),
      [/Iceberg/],
    ],
    ['Hudi by format', sampleTable({}, { inputFormat: 'org.apache.hudi.hadoop.HoodieParquetInputFormat' }), [/Hudi/]],
    ['Hudi by provider', withParameters({ 'spark.sql.sources.provider': 'hudi' }), [/Hudi/]],
    ['Delta by provider', withParameters({ 'spark.sql.sources.provider': 'DELTA' }), [/Delta Lake/]],
    ['Delta by format', sampleTable({}, { inputFormat: 'io.delta.hive.HiveInputFormat' }), [/Delta Lake/]],
    [
      'symlinks',
      sampleTable({}, { inputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat' }),
      [/lists of files/],
    ],
    [
      'list bucketing',
      sampleTable({}, { skewed: { columns: ['id'], values: [['1']] }, storedAsSubDirectories: true }),
      [/list bucketing/],
    ],
    ['no location', sampleTable({}, { location: '' }), [/no location/]],
    [
      'an empty table_type is no format',
      sampleTable({ parameters: { table_type: '' } }, { location: '' }),
      [/no location/],
    ],
  ])('%s', (_, table, reasons) => {
    const why = whyUnsupported(table);
    expect(why).toHaveLength(reasons.length);
    reasons.forEach((reason, i) => {
      expect(why[i]).toMatch(reason);
    });
  });
});
