import { describe, expect, it } from '@jest/globals';
import { carriedParameters, carriedTable } from '../../../hive/carried-properties.ts';
import { sampleTable, textTable } from './sample-table.ts';

const SOURCE = ['hdfs://a:8020', 'hdfs://nameservice-a'];

describe('the properties of a copy', () => {
  it('leave behind what tells of the source only', () => {
    const parameters = {
      numFiles: '3',
      numRows: '10',
      totalSize: '99',
      rawDataSize: '9',
      COLUMN_STATS_ACCURATE: '{}',
      numFilesErasureCoded: '0',
      transient_lastDdlTime: '1',
      last_modified_by: 'x',
      last_modified_time: '2',
      EXTERNAL: 'TRUE',
      TRANSLATED_TO_EXTERNAL: 'TRUE',
      'repl.last.id': '5',
      'impala.events.serviceId': 'x',
      'spark.sql.statistics.numRows': '7',
      'partition.retention.period': '7d',
      'hive-ferry.run': 'r',
      'hive-ferry.base': 'b',
      comment: "it's",
      bucketing_version: '2',
      'orc.compress': 'ZLIB',
      'spark.sql.sources.schema': '{}',
      numbers: '1',
    };
    expect(carriedParameters(parameters)).toEqual({
      comment: "it's",
      bucketing_version: '2',
      'orc.compress': 'ZLIB',
      'spark.sql.sources.schema': '{}',
      numbers: '1',
    });
  });

  it('case 46: make it external, keep its files and drop no partition in the background', () => {
    const source = sampleTable({
      kind: 'MANAGED_TABLE',
      parameters: { 'discover.partitions': 'true', 'external.table.purge': 'TRUE', 'partition.retention.period': '7d' },
    });
    const { table, refused } = carriedTable(source, SOURCE);
    expect(refused).toEqual([]);
    expect(table).toEqual({
      ...source,
      kind: 'EXTERNAL_TABLE',
      parameters: { EXTERNAL: 'TRUE', 'external.table.purge': 'false', 'discover.partitions': 'false' },
    });
  });
});

describe('case 42: properties that point to the source', () => {
  it.each<[string, string, string[]]>([
    ['path', 'hdfs://a:8020/warehouse/x', ['path = hdfs://a:8020/warehouse/x']],
    ['path', 'HDFS://A:8020/x', ['path = HDFS://A:8020/x']],
    ['path', '/warehouse/x', ['path = /warehouse/x']],
    ['avro.schema.url', 'hdfs://nameservice-a/s.avsc', ['avro.schema.url = hdfs://nameservice-a/s.avsc']],
    ['avro.schema.url', 'hdfs:///s.avsc', ['avro.schema.url = hdfs:///s.avsc']],
    ['avro.schema.url', 'hdfs:/s.avsc', ['avro.schema.url = hdfs:/s.avsc']],
    ['avro.schema.url', 's.avsc', ['avro.schema.url = s.avsc']],
    ['any.other', 'a=hdfs://a:8020/x,b=2', ['any.other = a=hdfs://a:8020/x,b=2']],
    ['any.other', 'hdfs://a:8020', ['any.other = hdfs://a:8020']],
    ['avro.schema.url', 'http://registry/s.avsc', []],
    ['avro.schema.url', 's3a://bucket/s.avsc', []],
    ['avro.schema.url', 'hdfs://a:80201/s.avsc', []],
    ['avro.schema.url', 'hdfs://nameservice-a2/s.avsc', []],
    ['any.other', '/a/path', []],
    ['comment', 'comes from hdfs', []],
  ])('%s = %s', (name, value, refused) => {
    expect(carriedTable(textTable({ [name]: value }), SOURCE).refused).toEqual(refused);
    expect(carriedTable(sampleTable({ parameters: { [name]: value } }), SOURCE).refused).toEqual(refused);
    expect(carriedTable(sampleTable({}, { parameters: { [name]: value } }), SOURCE).refused).toEqual(refused);
  });

  it('says nothing of the location itself, which the copy gets anew', () => {
    expect(carriedTable(sampleTable(), SOURCE).refused).toEqual([]);
  });
});
