import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { presetSchema } from '../../../sync/preset-schema.ts';
import { explain, problemsOf } from '../../../sync/problems.ts';

const ORDERS = {
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 'note', type: 'MAP<string, array<decimal(10,2)>>', comment: 'ünï' },
  ],
  partitionedBy: [{ name: 'dt', type: 'date' }],
  storedAs: 'ORC',
  properties: { 'orc.compress': 'ZSTD' },
  comment: 'all orders',
};

/** The problems of a preset, 'path: message' each. */
function problems(preset: unknown): readonly string[] {
  const parsed = presetSchema.safeParse(preset, { error: explain });
  return parsed.success ? [] : problemsOf(parsed.error.issues).map(({ path, message }) => `${path}: ${message}`);
}
const column = (name: string, type = 'int') => ({ name, type });

describe('a preset schema', () => {
  it.each([
    ['with all it can have', ORDERS],
    ['with what it must have', { columns: [column('id')], storedAs: 'TEXTFILE' }],
    [
      'with its classes',
      {
        ...ORDERS,
        storedAs: { inputFormat: 'a.B', outputFormat: 'a.B$C', serde: 'a.D', serdeProperties: { 'field.delim': '\t' } },
      },
    ],
    [
      'with names that need backticks',
      { ...ORDERS, columns: [column('select'), column('a b'), column('a,b'), column('`ü`'), column('1')] },
    ],
  ])('%s is taken as it is', (_, preset) => {
    expect(problems(preset)).toEqual([]);
    expect(presetSchema.parse(preset)).toEqual(preset);
  });

  it.each<[string, object, readonly string[]]>([
    ['no columns', { columns: [] }, ['columns: [] is not a list of at least one column']],
    [
      'a misspelt type',
      { columns: [column('a', 'array<strng>')] },
      ['columns[0].type: "array<strng>" is not a Hive type: strng is unknown; did you mean "string"?'],
    ],
    [
      'a type of another system',
      { columns: [column('a', 'long')] },
      ['columns[0].type: "long" is not a Hive type: long is unknown; did you mean "bigint"?'],
    ],
    [
      'digits out of range',
      { columns: [column('a', 'decimal(39,1)')] },
      ['columns[0].type: "decimal(39,1)" is not a Hive type: a decimal has 1 to 38 digits, not 39'],
    ],
    [
      'a number for a type',
      { columns: [{ name: 'a', type: 5 }] },
      ['columns[0].type: 5 is not a Hive type, such as "decimal(10,2)" or "array<string>"'],
    ],
    [
      'a name that Hive does not take',
      { columns: [column('a.b')] },
      ['columns[0].name: "a.b" is not a column name: up to 767 characters, without "." and ":"'],
    ],
    [
      'a blank around a name',
      { columns: [column('a ')] },
      ['columns[0].name: "a " is not a column name: up to 767 characters, without "." and ":"'],
    ],
    [
      'a name twice',
      { columns: [column('a'), column('A')] },
      ['columns[1].name: "A" is there twice; a partition key is no column of the files'],
    ],
    [
      'a key that is a column',
      { partitionedBy: [column('ID')] },
      ['partitionedBy[0].name: "ID" is there twice; a partition key is no column of the files'],
    ],
    [
      'a key that is not primitive',
      { partitionedBy: [column('k', 'array<int>')] },
      ['partitionedBy[0].type: "array<int>" is not a primitive type, which a partition key has'],
    ],
    [
      'a key too long for the metastore',
      { partitionedBy: [column('k'.repeat(129))] },
      [`partitionedBy[0].name: "${'k'.repeat(76)}... is not a column name: up to 128 characters, without "." and ":"`],
    ],
    [
      'an unknown format',
      { storedAs: 'orc' },
      [
        'storedAs: "orc" is not one of ORC, PARQUET, TEXTFILE, AVRO, SEQUENCEFILE, RCFILE, or the classes as {inputFormat, outputFormat, serde}',
      ],
    ],
    [
      'no format',
      { storedAs: undefined },
      [
        'storedAs: is missing; give one of ORC, PARQUET, TEXTFILE, AVRO, SEQUENCEFILE, RCFILE, or the classes as {inputFormat, outputFormat, serde}',
      ],
    ],
    [
      'wrong classes',
      { storedAs: { inputFormat: 'a.B', outputFormat: 'x', serd: 'a.B' } },
      [
        'storedAs: outputFormat "x" is not the name of a Java class, such as "org.apache.hadoop.mapred.TextInputFormat"; serde is missing; give the name of a Java class, such as "org.apache.hadoop.mapred.TextInputFormat"; serd is not a known key; did you mean "serde"?',
      ],
    ],
    [
      'a column its files cannot hold',
      { storedAs: 'AVRO', columns: [column('m', 'map<int,int>')] },
      ['columns[0]: "m" cannot be stored as AVRO: in Avro the key of a map is a string'],
    ],
    [
      'a transactional table',
      { properties: { transactional: 'true' } },
      [': describes no table that can be copied into: it is transactional (ACID)'],
    ],
    [
      'an Iceberg table',
      {
        storedAs: {
          inputFormat: 'org.apache.iceberg.mr.hive.HiveIcebergInputFormat',
          outputFormat: 'a.B',
          serde: 'a.B',
        },
      },
      [': describes no table that can be copied into: it is a table of the format Iceberg'],
    ],
    [
      'what a copy always is',
      { properties: { 'External.Table.Purge': 'true' } },
      ['properties["External.Table.Purge"]: is always false on a target; leave it out'],
    ],
    [
      'counters and records',
      { properties: { numRows: '1', 'hive-ferry.run': 'x' } },
      [
        'properties.numRows: is written by Hive and hive-ferry themselves; leave it out',
        'properties["hive-ferry.run"]: is written by Hive and hive-ferry themselves; leave it out',
      ],
    ],
    [
      'a comment as a property',
      { properties: { comment: 'x' } },
      ['properties.comment: is the comment of the table; give it as "comment"'],
    ],
    ['a number for a property', { properties: { n: 1 } }, ['properties.n: 1 is not a text']],
    ['a misspelt key', { partitionBy: [] }, ['partitionBy: is not a known key; did you mean "partitionedBy"?']],
    [
      'too much',
      { properties: { x: 'y'.repeat(140_000) } },
      [': is too long (140228 bytes, at most 131072); create the table on the target, and leave schema out'],
    ],
  ])('with %s is refused', (_, over, expected) => {
    expect(problems({ ...ORDERS, ...over })).toEqual(expected);
  });

  it('is told with all that is wrong with it', () => {
    const columns = [column('a', 'strng'), column('b', 'varchar'), column('A')];
    expect(problems({ ...ORDERS, columns, properties: { EXTERNAL: 'x' } })).toEqual([
      'columns[0].type: "strng" is not a Hive type: strng is unknown; did you mean "string"?',
      'columns[1].type: "varchar" is not a Hive type: ( is expected at the end, as in varchar(10)',
      'columns[2].name: "A" is there twice; a partition key is no column of the files',
      'properties.EXTERNAL: is always TRUE on a target; leave it out',
    ]);
  });

  it('is said to other tools as JSON Schema', () => {
    expect(z.toJSONSchema(presetSchema)).toMatchObject({ type: 'object', required: ['columns', 'storedAs'] });
  });
});
