import { describe, expect, it } from '@jest/globals';
import { normalType } from '../../../hive/column-type.ts';
import { classifyDrift, classifyPartitionDrift } from '../../../hive/drift.ts';
import type { Column, Table } from '../../../hive/table.ts';
import { sampleTable, textTable } from './sample-table.ts';

const [id, amount] = [
  { name: 'id', type: 'bigint' },
  { name: 'amount', type: 'decimal(10,2)' },
] as const;
const columns = (...all: Column[]): Table => sampleTable({}, { columns: all });
const whats = (wanted: Table, existing: Table): string[] => {
  const drift = classifyDrift(wanted, existing);
  return drift.kind === 'incompatible' ? drift.differences.map(({ what }) => what) : [drift.kind];
};

describe('no drift', () => {
  it.each<[string, Table, Table]>([
    ['the same table', sampleTable(), sampleTable()],
    ['other comments', sampleTable(), columns({ ...id, comment: 'x' }, { ...amount, comment: 'other' })],
    [
      'names and types in capitals',
      columns(id, amount),
      columns({ name: 'ID', type: 'BIGINT' }, { name: 'Amount', type: 'DECIMAL(10, 2)' }),
    ],
    ['synonyms of types', columns({ name: 'a', type: 'integer' }), columns({ name: 'a', type: 'int' })],
    [
      'another kind, owner, location, id',
      sampleTable(),
      sampleTable({ kind: 'MANAGED_TABLE', owner: 'x', id: '9', createTime: 1 }, { location: 'hdfs://b/x' }),
    ],
    [
      'properties that change no row',
      sampleTable(),
      sampleTable({
        parameters: {
          bucketing_version: '2',
          numRows: '7',
          'hive-ferry.run': 'x',
          transient_lastDdlTime: '1',
          comment: 'hi',
          'orc.compress': 'ZLIB',
        },
      }),
    ],
    [
      'the default delimiter, said and unsaid',
      textTable({ 'serialization.format': '1' }),
      textTable({ 'field.delim': '\u0001', 'serialization.format': '\u0001' }),
    ],
    [
      'serialization.format beside field.delim',
      textTable({ 'field.delim': ',', 'serialization.format': ',' }),
      textTable({ 'field.delim': ',' }),
    ],
    [
      'the old name of an output format',
      textTable({}),
      sampleTable({}, { ...textTable({}).storage, outputFormat: 'org.apache.hadoop.mapred.TextOutputFormat' }),
    ],
    ['bucketing_version without buckets', sampleTable(), sampleTable({ parameters: {} })],
    ['0 and -1 buckets', sampleTable({}, { numBuckets: 0 }), sampleTable({}, { numBuckets: -1 })],
    ['a path of each cluster', textTable({ path: 'hdfs://a/x' }), textTable({ path: 'hdfs://b/x' })],
  ])('%s', (_, wanted, existing) => {
    expect(classifyDrift(wanted, existing)).toEqual({ kind: 'identical' });
  });
});

describe('the own descriptor of a partition', () => {
  const drift = (one: Table, other: Table) => classifyPartitionDrift(sampleTable(), one.storage, other.storage);
  const column = { name: 'added', type: 'int' };
  const longer = sampleTable({}, { columns: [...sampleTable().storage.columns, column] });

  it('is the same wherever it lies', () => {
    expect(drift(sampleTable(), sampleTable({}, { location: 'hdfs://b/x' }))).toEqual({ kind: 'identical' });
  });

  it('lacks a column at the end, or has one too many', () => {
    expect(drift(longer, sampleTable())).toEqual({ kind: 'compatible', addColumns: [column] });
    expect(drift(sampleTable(), longer).kind).toBe('incompatible');
  });

  it.each([
    ['format', sampleTable({}, { inputFormat: 'org.apache.hadoop.mapred.TextInputFormat' })],
    ['property of the serde', textTable({ 'field.delim': '|' })],
    ['type of a column', sampleTable({}, { columns: [{ name: 'id', type: 'string' }] })],
  ])('has another %s', (_, other) => {
    expect(drift(other.storage.serde.library.endsWith('OrcSerde') ? sampleTable() : textTable({}), other).kind).toBe(
      'incompatible',
    );
  });
});

describe('columns', () => {
  it('at the end can be added, as the source has them', () => {
    const added = { name: 'note', type: 'string', comment: 'new' };
    expect(classifyDrift(columns(id, amount, added), columns(id, amount))).toEqual({
      kind: 'compatible',
      addColumns: [added],
    });
  });

  it.each<[string, Column[], Column[], string[]]>([
    ['case 24: of another type', [id, { name: 'amount', type: 'float' }], [id, amount], ['type of column amount']],
    [
      'case 24: a struct with another field',
      [{ name: 's', type: 'struct<a:int,b:int>' }],
      [{ name: 's', type: 'struct<a:int>' }],
      ['type of column s'],
    ],
    ['in the middle', [id, { name: 'new', type: 'int' }, amount], [id, amount], ['column new']],
    [
      'in the middle and at the end',
      [{ name: 'new', type: 'int' }, id, { name: 'end', type: 'int' }],
      [id],
      ['column new'],
    ],
    ['in another order', [amount, id], [id, amount], ['order of columns']],
    ['on the target only', [id], [id, amount], ['column amount']],
    ['renamed', [id, { name: 'total', type: 'decimal(10,2)' }], [id, amount], ['column amount']],
    [
      'two at once',
      [
        { name: 'id', type: 'int' },
        { name: 'amount', type: 'int' },
      ],
      [id, amount],
      ['type of column id', 'type of column amount'],
    ],
  ])('%s: refused', (_, wanted, existing, expected) => {
    expect(whats(columns(...wanted), columns(...existing))).toEqual(expected);
  });
});

describe('refused before a byte moves', () => {
  const key = (name: string, type: string): Table => sampleTable({ partitionKeys: [{ name, type }] });
  const buckets = (numBuckets: number, version: string, by = 'id'): Table =>
    sampleTable(
      { parameters: { bucketing_version: version } },
      { numBuckets, bucketColumns: [by], sortColumns: [{ column: 'id', order: 1 }] },
    );

  it.each<[string, Table, Table, string[]]>([
    ['another partition key', key('dt', 'date'), key('day', 'date'), ['partition keys']],
    ['a partition key of another type', key('dt', 'date'), key('dt', 'string'), ['partition keys']],
    ['partitioned against not', sampleTable(), sampleTable({ partitionKeys: [] }), ['partition keys']],
    [
      'keys in another order',
      sampleTable(),
      sampleTable({
        partitionKeys: [
          { name: 'hour', type: 'int' },
          { name: 'dt', type: 'date' },
        ],
      }),
      ['partition keys'],
    ],
    ['another format', sampleTable(), textTable({}), ['input format', 'output format', 'serde']],
    [
      'another delimiter',
      textTable({ 'field.delim': ',' }),
      textTable({ 'field.delim': ';' }),
      ['serde property field.delim'],
    ],
    [
      'a delimiter by serialization.format',
      textTable({ 'serialization.format': '|' }),
      textTable({}),
      ['serde property field.delim'],
    ],
    [
      'another text for null',
      textTable({ 'serialization.null.format': 'NULL' }),
      textTable({}),
      ['serde property serialization.null.format'],
    ],
    [
      'a header line',
      textTable({}, { parameters: { 'skip.header.line.count': '1' } }),
      textTable({}),
      ['property skip.header.line.count'],
    ],
    ['another number of buckets', buckets(4, '2'), buckets(8, '2'), ['buckets']],
    ['buckets by another column', buckets(4, '2'), buckets(4, '2', 'amount'), ['buckets']],
    ['another hash of buckets', buckets(4, '2'), buckets(4, '1'), ['buckets']],
    ['buckets against none', buckets(4, '2'), sampleTable(), ['buckets']],
    ['skew', sampleTable({}, { skewed: { columns: ['id'], values: [['1']] } }), sampleTable(), ['skew']],
  ])('%s', (_, wanted, existing, expected) => {
    expect(whats(wanted, existing)).toEqual(expected);
    expect(whats(existing, wanted)).toEqual(expected);
  });

  it('says what is wanted, what is there and the way out', () => {
    expect(classifyDrift(columns(id, { name: 'amount', type: 'float' }), columns(id, amount))).toEqual({
      kind: 'incompatible',
      differences: [
        {
          what: 'type of column amount',
          wanted: 'float',
          existing: 'decimal(10,2)',
          wayOut: expect.stringContaining('anew'),
        },
      ],
    });
  });
});

describe('the normal form of a type', () => {
  it.each([
    ['BIGINT', 'bigint'],
    ['decimal', 'decimal(10,0)'],
    ['DECIMAL( 5 )', 'decimal(5,0)'],
    ['numeric(5, 2)', 'decimal(5,2)'],
    ['double  precision', 'double'],
    ['timestamp with local time zone', 'timestamp with local time zone'],
    ['map< integer , array< dec > >', 'map<int,array<decimal(10,0)>>'],
    ['struct<integer:integer,decimal:numeric>', 'struct<integer:int,decimal:decimal(10,0)>'],
    ['uniontype<int,decimal(3,1)>', 'uniontype<int,decimal(3,1)>'],
    ['decimals', 'decimals'],
  ])('of %j is %j', (type, normal) => {
    expect(normalType(type)).toBe(normal);
    expect(normalType(normal)).toBe(normal);
  });
});
