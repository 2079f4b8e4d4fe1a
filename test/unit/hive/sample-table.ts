import type { StorageDescriptor, Table } from '../../../hive/table.ts';

/** A plain ORC table, partitioned by dt and hour. */
export function sampleTable(over: Partial<Table> = {}, storage: Partial<StorageDescriptor> = {}): Table {
  return {
    database: 'sales',
    name: 'orders',
    owner: 'etl',
    kind: 'EXTERNAL_TABLE',
    partitionKeys: [
      { name: 'dt', type: 'date' },
      { name: 'hour', type: 'int' },
    ],
    parameters: { bucketing_version: '2', EXTERNAL: 'TRUE' },
    createTime: 1_700_000_000,
    id: '7',
    storage: {
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'amount', type: 'decimal(10,2)', comment: 'in euro' },
      ],
      location: 'hdfs://a:8020/warehouse/sales.db/orders',
      inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
      serde: { library: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde', parameters: { 'serialization.format': '1' } },
      compressed: false,
      numBuckets: -1,
      bucketColumns: [],
      sortColumns: [],
      parameters: {},
      storedAsSubDirectories: false,
      ...storage,
    },
    ...over,
  };
}

/** The same as delimited text. */
export function textTable(serdeParameters: Readonly<Record<string, string>>, over: Partial<Table> = {}): Table {
  return sampleTable(over, {
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serde: { library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', parameters: serdeParameters },
  });
}
