import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { codeOf } from '../../../errors/ferry-error.ts';
import { describedDatabase, describedPartition, describedTable } from '../../../hive/hiveserver2/described.ts';

const recorded: { readonly table: string; readonly partition: string; readonly database: string } = JSON.parse(
  readFileSync(join(__dirname, 'recorded/described-by-hive-4.0.1.json'), 'utf8'),
);

const columns = [
  { name: 'select', type: 'bigint', comment: 'it\'s "quoted"; ünï 日本' },
  { name: 'm', type: 'map<string,array<struct<a:int,b:decimal(10,2)>>>' },
];
const orc = {
  columns,
  inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
  serde: { library: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde', parameters: { 'serialization.format': '1' } },
  compressed: false,
  numBuckets: 4,
  bucketColumns: ['select'],
  sortColumns: [{ column: 'select', order: 0 }],
  parameters: {},
  skewed: { columns: ['select'], values: [['1'], ['2']] },
  storedAsSubDirectories: false,
};

describe('what Hive 4.0.1 describes as JSON', () => {
  it('is a table with every part of its definition', () => {
    expect(describedTable(recorded.table)).toEqual({
      database: 'ferry_b_probe',
      name: 'rec',
      owner: 'root',
      kind: 'EXTERNAL_TABLE',
      storage: { ...orc, location: 'hdfs://127.0.0.1:20107/tmp/ferry_b_probe/rec' },
      partitionKeys: [
        { name: 'dt', type: 'string', comment: 'the day' },
        { name: 'hour', type: 'int' },
      ],
      parameters: expect.objectContaining({ EXTERNAL: 'TRUE', bucketing_version: '2', two: 'lines\nhere' }),
      createTime: expect.any(Number),
      id: expect.stringMatching(/^\d+$/),
    });
  });

  it('is a partition with its literal values and place, and the records that stand among the SerDe’s properties', () => {
    expect(describedPartition(recorded.partition)).toEqual({
      values: ['a/b=c "d" ü', '01'],
      storage: { ...orc, location: 'hdfs://127.0.0.1:20107/tmp/ferry_b_probe/elsewhere/hour=01' },
      parameters: expect.objectContaining({ 'hive-ferry.run': 'r1', 'hive-ferry.digest': 'd1' }),
    });
  });

  it('is a database with the folder of new external tables', () => {
    expect(describedDatabase(recorded.database)).toEqual({
      name: 'ferry_b_probe',
      location: 'hdfs://127.0.0.1:20107/warehouse/ferry_b_probe.db',
    });
  });
});

describe('a description that is not as Hive 4 writes it', () => {
  it.each([
    ['words', 'id\tint'],
    ['a list', '[]'],
    ['no object of the metastore', '{"columns":[]}'],
    ['another type', recorded.table.replace('"dbName":"ferry_b_probe"', '"dbName":7')],
    ['a property that is no text', recorded.table.replace('"EXTERNAL":"TRUE"', '"EXTERNAL":true')],
    ['a list that is none', recorded.table.replace(/"bucketCols":\[[^\]]*\]/, '"bucketCols":"id"')],
  ])('is refused, never guessed: %s', (_, text) => {
    expect(() => describedTable(text)).toThrow(/HiveServer2/);
    try {
      describedTable(text);
    } catch (error) {
      expect(codeOf(error)).toBe('BAD_ANSWER');
    }
  });
});
