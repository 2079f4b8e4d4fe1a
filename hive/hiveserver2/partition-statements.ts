import { quoteString } from '../partition-name.ts';
import { columnText, quoteName } from '../statements.ts';
import type { StorageDescriptor } from '../table.ts';

/** A descriptor without its location, which has a statement of its own. */
export type Described = Omit<StorageDescriptor, 'location'>;

/** What differs between two descriptors and HiveQL has no statement for; empty: `describeStatements` makes one of the other. */
export function notInHiveQl(existing: Described, wanted: Described): readonly string[] {
  const fields = ['compressed', 'parameters', 'skewed', 'storedAsSubDirectories'] as const;
  return fields.filter((field) => canonical(existing[field]) !== canonical(wanted[field])).map((field) => NAMES[field]);
}

const NAMES = {
  compressed: 'the flag "compressed"',
  parameters: 'parameters of its storage descriptor',
  skewed: 'skewed values',
  storedAsSubDirectories: 'STORED AS DIRECTORIES',
} as const;

/** The statements that give a partition the wanted descriptor; `head` is 'ALTER TABLE ... PARTITION (...)'. None: it has it. */
export function describeStatements(head: string, existing: Described, wanted: Described): readonly string[] {
  const formats = formatText(existing, wanted);
  const reformatted = formats.some((statement) => statement.startsWith('SET FILEFORMAT'));
  const rest = [...bucketsText(existing, wanted), ...serdeText(existing, wanted, reformatted)];
  return [...formats, ...rest].map((statement) => `${head} ${statement}`);
}

/** True when two descriptors say the same, wherever their files are; comments that are empty are none. */
export function sameDescriptor(one: Described, other: Described): boolean {
  return canonical({ ...one, location: '' }) === canonical({ ...other, location: '' });
}

/** 'SET SERDEPROPERTIES (...)' of these; nothing when there are none. */
export function serdePropertiesText(properties: Readonly<Record<string, string>>): readonly string[] {
  const pairs = Object.entries(properties)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${quoteString(name)}=${quoteString(value)}`);
  return pairs.length === 0 ? [] : [`SET SERDEPROPERTIES (${pairs.join(', ')})`];
}

/** Formats and columns. Where the SerDe lets nobody replace its columns, the partition is described as text meanwhile. */
function formatText(existing: Described, wanted: Described): string[] {
  const [from, to] = [formatsOf(existing), formatsOf(wanted)];
  if (canonical(existing.columns) === canonical(wanted.columns)) return fileFormat(from, to);
  const via = REPLACEABLE.test(wanted.serde.library) ? to : TEXT;
  const replace = `REPLACE COLUMNS (${wanted.columns.map(columnText).join(', ')})`;
  return [...fileFormat(from, via), replace, ...fileFormat(via, to)];
}

/** The SerDes that REPLACE COLUMNS takes (error 10220 for others, AlterTableReplaceColumnsOperation). */
const REPLACEABLE = /\.(LazySimpleSerDe|ColumnarSerDe|MetadataTypedColumnsetSerDe|ParquetHiveSerDe|OrcSerde)$/;

/** STORED AS TEXTFILE: input format, output format and SerDe. */
const TEXT = [
  'org.apache.hadoop.mapred.TextInputFormat',
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
];

function formatsOf({ inputFormat, outputFormat, serde }: Described): readonly string[] {
  return [inputFormat, outputFormat, serde.library];
}

function fileFormat(from: readonly string[], to: readonly string[]): string[] {
  if (canonical(from) === canonical(to)) return [];
  const [input = '', output = '', serde = ''] = to.map(quoteString);
  return [`SET FILEFORMAT INPUTFORMAT ${input} OUTPUTFORMAT ${output} SERDE ${serde}`];
}

function bucketsText(existing: Described, wanted: Described): string[] {
  const buckets = ({ numBuckets, bucketColumns, sortColumns }: Described) =>
    bucketColumns.length === 0 ? 'none' : canonical([numBuckets, bucketColumns, sortColumns]);
  if (buckets(existing) === buckets(wanted)) return [];
  const { numBuckets, bucketColumns, sortColumns } = wanted;
  if (bucketColumns.length === 0) return ['NOT CLUSTERED'];
  const order = sortColumns.map((one) => `${quoteName(one.column)} ${one.order === 0 ? 'DESC' : 'ASC'}`);
  const sorted = order.length === 0 ? '' : ` SORTED BY (${order.join(', ')})`;
  return [`CLUSTERED BY (${bucketColumns.map(quoteName).join(', ')})${sorted} INTO ${numBuckets} BUCKETS`];
}

/** Behind a change of format all that is wished for is set, whatever the change brought along. */
function serdeText(existing: Described, wanted: Described, reformatted: boolean): string[] {
  const [old, wished] = [existing.serde.parameters, wanted.serde.parameters];
  const gone = Object.keys(old).filter((name) => !(name in wished));
  const set = Object.fromEntries(Object.entries(wished).filter(([name, value]) => reformatted || old[name] !== value));
  return [
    ...serdePropertiesText(set),
    ...(gone.length === 0 ? [] : [`UNSET SERDEPROPERTIES (${gone.sort().map(quoteString).join(', ')})`]),
  ];
}

/** JSON with sorted keys, in which an empty comment is none. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === 'comment' && inner === '') return undefined;
    return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  }) as string;
}
