import { describe, expect, it } from '@jest/globals';
import type { CatalogChange } from '../../../hive/change.ts';
import { statementsFor, statementsOf } from '../../../hive/statements.ts';
import { sampleTable, textTable } from './sample-table.ts';

const of = { database: 'sales', table: 'orders' };
const { storage, partitionKeys } = sampleTable();
const at = (location: string): typeof storage => ({ ...storage, location });

describe('a change as HiveQL', () => {
  it.each<[string, CatalogChange, string[]]>([
    ['create-database', { kind: 'create-database', database: 'sales' }, ['CREATE DATABASE IF NOT EXISTS `sales`']],
    [
      'create-database at a location',
      { kind: 'create-database', database: 'sales', location: 'hdfs://b/x' },
      ["CREATE DATABASE IF NOT EXISTS `sales` LOCATION 'hdfs://b/x'"],
    ],
    [
      'add-columns',
      {
        kind: 'add-columns',
        of,
        columns: [
          { name: 'a', type: 'int' },
          { name: 'b`c', type: 'string', comment: "it's" },
        ],
        cascade: true,
      },
      ["ALTER TABLE `sales`.`orders` ADD COLUMNS (`a` int, `b``c` string COMMENT 'it\\'s') CASCADE"],
    ],
    [
      'add-columns without cascade',
      { kind: 'add-columns', of, columns: [{ name: 'a', type: 'int' }], cascade: false },
      ['ALTER TABLE `sales`.`orders` ADD COLUMNS (`a` int)'],
    ],
    [
      'case 20: add-partitions, the value as it stands, the folder literal',
      {
        kind: 'add-partitions',
        of,
        partitions: [
          { values: ['2026-01-01', '1'], storage: at('hdfs://b/o/dt=2026-01-01/hour=01'), parameters: {} },
          { values: ["a'b", '-1'], storage: at('hdfs://b/o/dt=a%27b/hour=-1'), parameters: {} },
        ],
      },
      [
        "ALTER TABLE `sales`.`orders` ADD IF NOT EXISTS PARTITION (`dt`='2026-01-01', `hour`=1) LOCATION 'hdfs://b/o/dt=2026-01-01/hour=01'",
        "ALTER TABLE `sales`.`orders` ADD IF NOT EXISTS PARTITION (`dt`='a\\'b', `hour`='-1') LOCATION 'hdfs://b/o/dt=a%27b/hour=-1'",
      ],
    ],
    [
      'alter-partitions to another place',
      {
        kind: 'alter-partitions',
        of,
        partitions: [
          {
            values: ['2026-01-01', '7'],
            expectLocation: 'hdfs://b/x',
            location: 'hdfs://b/y',
            parameters: { 'hive-ferry.run': 'r1' },
          },
        ],
      },
      [
        "ALTER TABLE `sales`.`orders` PARTITION (`dt`='2026-01-01', `hour`=7) SET LOCATION 'hdfs://b/y'",
        "ALTER TABLE `sales`.`orders` PARTITION (`dt`='2026-01-01', `hour`=7) UPDATE STATISTICS SET ('numRows'='-1')",
        "-- parameters of that partition: 'hive-ferry.run'='r1'",
      ],
    ],
    [
      'alter-partitions in place',
      {
        kind: 'alter-partitions',
        of,
        partitions: [
          { values: ['2026-01-01', '7'], expectLocation: 'hdfs://b/x', location: 'hdfs://b/x', parameters: {} },
        ],
      },
      ["ALTER TABLE `sales`.`orders` PARTITION (`dt`='2026-01-01', `hour`=7) UPDATE STATISTICS SET ('numRows'='-1')"],
    ],
    [
      'alter-partitions with another descriptor',
      {
        kind: 'alter-partitions',
        of,
        partitions: [
          {
            values: ['x', '7'],
            expectLocation: 'hdfs://b/x',
            location: 'hdfs://b/x',
            parameters: {},
            storage: textTable({}).storage,
          },
        ],
      },
      [
        "ALTER TABLE `sales`.`orders` PARTITION (`dt`='x', `hour`=7) SET FILEFORMAT INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat' OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat' SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'",
        "ALTER TABLE `sales`.`orders` PARTITION (`dt`='x', `hour`=7) REPLACE COLUMNS (`id` bigint, `amount` decimal(10,2) COMMENT 'in euro')",
        "ALTER TABLE `sales`.`orders` PARTITION (`dt`='x', `hour`=7) UPDATE STATISTICS SET ('numRows'='-1')",
      ],
    ],
    [
      'drop-partitions',
      { kind: 'drop-partitions', of, names: ['dt=2026-01-01 00%3A00/hour=3'] },
      ["ALTER TABLE `sales`.`orders` DROP IF EXISTS PARTITION (`dt`='2026-01-01 00:00', `hour`=3)"],
    ],
    [
      'move-table',
      { kind: 'move-table', of, expectLocation: 'hdfs://b/x', location: 'hdfs://b/y', parameters: { b: '2', a: "1'" } },
      [
        "ALTER TABLE `sales`.`orders` SET LOCATION 'hdfs://b/y'",
        "ALTER TABLE `sales`.`orders` SET TBLPROPERTIES ('a'='1\\'', 'b'='2')",
      ],
    ],
    [
      'set-properties',
      { kind: 'set-properties', of, parameters: { 'a\\b': 'two\nlines' } },
      ["ALTER TABLE `sales`.`orders` SET TBLPROPERTIES ('a\\\\b'='two\\nlines')"],
    ],
    ['no properties: no statement', { kind: 'set-properties', of, parameters: {} }, []],
  ])('%s', (_, change, lines) => {
    expect(statementsFor(change, partitionKeys)).toEqual(lines);
  });

  it('create-table, whole', () => {
    const table = textTable(
      { 'field.delim': ',', 'serialization.format': ',' },
      { parameters: { EXTERNAL: 'TRUE', 'external.table.purge': 'false', 'hive-ferry.base': 'x' } },
    );
    const full = {
      ...table,
      storage: {
        ...table.storage,
        location: "hdfs://b/it's",
        numBuckets: 4,
        bucketColumns: ['id'],
        sortColumns: [{ column: 'id', order: 0 }],
        skewed: { columns: ['id'], values: [['1'], ['2']] },
      },
    };
    expect(statementsOf({ kind: 'create-table', table: full })).toEqual([
      `CREATE EXTERNAL TABLE IF NOT EXISTS \`sales\`.\`orders\` (
  \`id\` bigint,
  \`amount\` decimal(10,2) COMMENT 'in euro'
)
PARTITIONED BY (\`dt\` date, \`hour\` int)
CLUSTERED BY (\`id\`) SORTED BY (\`id\` DESC) INTO 4 BUCKETS
SKEWED BY (\`id\`) ON (('1'), ('2'))
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
WITH SERDEPROPERTIES ('field.delim'=',', 'serialization.format'=',')
STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat' OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION 'hdfs://b/it\\'s'
TBLPROPERTIES ('external.table.purge'='false', 'hive-ferry.base'='x')`,
    ]);
  });

  it('without the keys: names from the folders, values as strings', () => {
    const partitions = [
      { values: ['2026-01-01', '1'], storage: at('hdfs://b/o/dt=2026-01-01/hour=01'), parameters: {} },
    ];
    expect(statementsOf({ kind: 'add-partitions', of, partitions })).toEqual([
      "ALTER TABLE `sales`.`orders` ADD IF NOT EXISTS PARTITION (`dt`='2026-01-01', `hour`='1') LOCATION 'hdfs://b/o/dt=2026-01-01/hour=01'",
    ]);
    expect(statementsOf({ kind: 'drop-partitions', of, names: ['dt=x/hour=1'] })).toEqual([
      "ALTER TABLE `sales`.`orders` DROP IF EXISTS PARTITION (`dt`='x', `hour`='1')",
    ]);
  });
});
