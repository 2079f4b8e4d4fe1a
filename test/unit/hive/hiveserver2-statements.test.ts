import { describe, expect, it } from '@jest/globals';
import { codeOf } from '../../../errors/ferry-error.ts';
import { literalSpec } from '../../../hive/hiveserver2/literal-spec.ts';
import {
  type Described,
  describeStatements,
  notInHiveQl,
  sameDescriptor,
} from '../../../hive/hiveserver2/partition-statements.ts';
import { hasUnknownStatistics } from '../../../hive/hiveserver2/unknown-statistics.ts';

const keys = [
  { name: 'dt', type: 'string' },
  { name: 'n', type: 'int' },
];

/** What HiveServer2 would put a variable's value into. */
const VARIABLE = `$\{x}\n`;

describe('a partition in a statement that takes values as they stand', () => {
  it.each([
    [['2026-01-01', '01'], "PARTITION (`dt`='2026-01-01', `n`='01')"],
    [["it's", '1'], `PARTITION (\`dt\`="it's", \`n\`='1')`],
    [['a\\b', '1'], "PARTITION (`dt`='a\\b', `n`='1')"],
    [['a\\\\', '1'], "PARTITION (`dt`='a\\\\', `n`='1')"],
    [[VARIABLE, '1'], `PARTITION (\`dt\`='${VARIABLE}', \`n\`='1')`],
  ])('%j', (values, text) => {
    expect(literalSpec(keys, values)).toBe(text);
  });

  it.each([`it's "it"`, 'ends\\', 'ends\\\\\\'])('is refused where no literal holds the value: %s', (value) => {
    expect(() => literalSpec(keys, [value, '1'])).toThrow(/HiveQL cannot name the partition value .* of dt/);
    try {
      literalSpec(keys, [value, '1']);
    } catch (error) {
      expect(codeOf(error)).toBe('CATALOG_REFUSED');
    }
  });
});

const text: Described = {
  columns: [
    { name: 'id', type: 'int' },
    { name: 'note', type: 'string', comment: "it's" },
  ],
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serde: {
    library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
    parameters: { 'field.delim': '\t', 'serialization.format': '\t' },
  },
  compressed: false,
  numBuckets: -1,
  bucketColumns: [],
  sortColumns: [],
  parameters: {},
  storedAsSubDirectories: false,
};
const orc: Described = {
  ...text,
  inputFormat: 'orc.In',
  outputFormat: 'orc.Out',
  serde: { library: 'orc.OrcSerde', parameters: { 'serialization.format': '1' } },
};
const avro: Described = { ...orc, serde: { ...orc.serde, library: 'avro.AvroSerDe' } };
const added = { name: 'extra', type: 'int' };

describe('the statements that give a partition its own descriptor', () => {
  it.each<[string, Described, Described, readonly string[]]>([
    ['nothing', text, { ...text }, []],
    [
      'an empty comment is none',
      orc,
      { ...orc, columns: [{ name: 'id', type: 'int', comment: '' }, ...orc.columns.slice(1)] },
      [],
    ],
    [
      'another format, and its SerDe’s properties',
      text,
      orc,
      [
        "P SET FILEFORMAT INPUTFORMAT 'orc.In' OUTPUTFORMAT 'orc.Out' SERDE 'orc.OrcSerde'",
        "P SET SERDEPROPERTIES ('serialization.format'='1')",
        "P UNSET SERDEPROPERTIES ('field.delim')",
      ],
    ],
    [
      'columns more',
      orc,
      { ...orc, columns: [...orc.columns, added] },
      ["P REPLACE COLUMNS (`id` int, `note` string COMMENT 'it\\'s', `extra` int)"],
    ],
    [
      'columns of a SerDe that lets nobody replace them: by way of text',
      avro,
      { ...avro, columns: [{ name: 'id', type: 'int' }] },
      [
        `P SET FILEFORMAT INPUTFORMAT '${text.inputFormat}' OUTPUTFORMAT '${text.outputFormat}' SERDE '${text.serde.library}'`,
        'P REPLACE COLUMNS (`id` int)',
        "P SET FILEFORMAT INPUTFORMAT 'orc.In' OUTPUTFORMAT 'orc.Out' SERDE 'avro.AvroSerDe'",
        "P SET SERDEPROPERTIES ('serialization.format'='1')",
      ],
    ],
    [
      'buckets',
      text,
      { ...text, numBuckets: 2, bucketColumns: ['id'], sortColumns: [{ column: 'note', order: 0 }] },
      ['P CLUSTERED BY (`id`) SORTED BY (`note` DESC) INTO 2 BUCKETS'],
    ],
    ['no buckets', { ...text, numBuckets: 2, bucketColumns: ['id'] }, text, ['P NOT CLUSTERED']],
  ])('%s', (_, existing, wanted, statements) => {
    expect(describeStatements('P', existing, wanted)).toEqual(statements);
    expect(sameDescriptor(existing, wanted)).toBe(statements.length === 0);
  });

  it('do not exist for what HiveQL cannot say of a partition', () => {
    expect(notInHiveQl(text, { ...orc, columns: [added], numBuckets: 3, bucketColumns: ['extra'] })).toEqual([]);
    expect(
      notInHiveQl(text, {
        ...text,
        compressed: true,
        parameters: { own: 'yes' },
        skewed: { columns: ['id'], values: [['1']] },
        storedAsSubDirectories: true,
      }),
    ).toHaveLength(4);
  });
});

it('statistics say nothing when neither rows are counted nor anything is accurate', () => {
  expect(hasUnknownStatistics({ numFiles: '1', totalSize: '5', numRows: '-1' })).toBe(true);
  expect(hasUnknownStatistics({})).toBe(true);
  expect(hasUnknownStatistics({ numRows: '0' })).toBe(false);
  expect(hasUnknownStatistics({ COLUMN_STATS_ACCURATE: '{"BASIC_STATS":"true"}' })).toBe(false);
});
