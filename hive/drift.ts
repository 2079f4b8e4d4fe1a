import { normalType } from './column-type.ts';
import type { Column, StorageDescriptor, Table } from './table.ts';

export type DriftDifference = {
  readonly what: string;
  readonly wanted: string;
  readonly existing: string;
  readonly wayOut: string;
};
export type Drift =
  | { readonly kind: 'identical' }
  | { readonly kind: 'compatible'; readonly addColumns: readonly Column[] }
  | { readonly kind: 'incompatible'; readonly differences: readonly DriftDifference[] };

const ANEW = 'drop the target table (its files stay) and let it be created anew, or sync into another one';

/** What makes readers see other rows in the same files: table properties, and serde properties but for these. */
const READING_PROPERTIES: readonly string[] = [
  'skip.header.line.count',
  'skip.footer.line.count',
  'serialization.null.format',
  'avro.schema.literal',
  'parquet.column.index.access',
  'orc.force.positional.evolution',
];
/** `path` and `avro.schema.url` are places of one cluster. */
const SERDE_PROPERTIES_ASIDE: readonly string[] = ['path', 'avro.schema.url'];

/**
 * How the existing table differs from the wanted one, as far as it decides which rows Hive reads from the same files.
 * Comments, owners, locations, statistics and other properties are no drift. Columns that only the wanted table has, at
 * the end, can be added; nothing else can be mended without a look at the files that are there.
 */
export function classifyDrift(wanted: Table, existing: Table): Drift {
  const columns = compareColumns(wanted.storage.columns, existing.storage.columns);
  const differences = [
    ...columns.differences,
    ...compareKeys(wanted.partitionKeys, existing.partitionKeys),
    ...compareStorage(wanted.storage, existing.storage),
    ...compareBuckets(wanted, existing),
    ...compareReading(wanted, existing),
  ];
  if (differences.length > 0) return { kind: 'incompatible', differences };
  return columns.added.length === 0 ? { kind: 'identical' } : { kind: 'compatible', addColumns: columns.added };
}

/** The same of a partition's own descriptor; `table` says how its rows are bucketed and by which properties they are read. */
export function classifyPartitionDrift(table: Table, wanted: StorageDescriptor, existing: StorageDescriptor): Drift {
  if (plainlyAlike(wanted, existing)) return { kind: 'identical' };
  return classifyDrift({ ...table, storage: wanted }, { ...table, storage: existing });
}

/** Equal without a closer look: there may be many partitions with many columns. */
function plainlyAlike(one: StorageDescriptor, other: StorageDescriptor): boolean {
  const [mine, theirs] = [one.serde.parameters, other.serde.parameters];
  return (
    one.inputFormat === other.inputFormat &&
    one.outputFormat === other.outputFormat &&
    one.serde.library === other.serde.library &&
    one.numBuckets <= 0 &&
    other.numBuckets <= 0 &&
    one.skewed === undefined &&
    other.skewed === undefined &&
    Object.keys(mine).length === Object.keys(theirs).length &&
    Object.entries(mine).every(([name, value]) => theirs[name] === value) &&
    one.columns.length === other.columns.length &&
    one.columns.every(({ name, type }, i) => name === other.columns[i]?.name && type === other.columns[i]?.type)
  );
}

function compareColumns(
  wanted: readonly Column[],
  existing: readonly Column[],
): { added: readonly Column[]; differences: readonly DriftDifference[] } {
  const wantedNames = wanted.map(({ name }) => name.toLowerCase());
  const byName = new Map(wanted.map((column) => [column.name.toLowerCase(), column]));
  const there = new Set(existing.map(({ name }) => name.toLowerCase()));
  const common = [...there].filter((name) => byName.has(name));
  const inWanted = wantedNames.filter((name) => there.has(name));
  if (common.join('\n') !== inWanted.join('\n')) {
    const wayOut = `${ANEW}; files that name their columns can be read after ALTER TABLE ... REPLACE COLUMNS`;
    return { added: [], differences: [difference('order of columns', show(wanted), show(existing), wayOut)] };
  }
  const differences: DriftDifference[] = [];
  for (const column of existing) {
    const match = byName.get(column.name.toLowerCase());
    if (match === undefined) {
      const wayOut = 'add it to the source table, or take it from the target with ALTER TABLE ... REPLACE COLUMNS';
      differences.push(difference(`column ${column.name}`, 'no such column', column.type, wayOut));
    } else if (normalType(match.type) !== normalType(column.type)) {
      differences.push(difference(`type of column ${column.name}`, match.type, column.type, ANEW));
    }
  }
  const last = wanted.findLastIndex((column) => there.has(column.name.toLowerCase()));
  const added = wanted.slice(last + 1);
  for (const column of wanted.slice(0, last + 1).filter(({ name }) => !there.has(name.toLowerCase()))) {
    const wayOut = 'columns can be added at the end only; move it there in the source, or create the target anew';
    differences.push(difference(`column ${column.name}`, `${column.type}, before others`, 'no such column', wayOut));
  }
  return { added, differences };
}

function compareKeys(wanted: readonly Column[], existing: readonly Column[]): DriftDifference[] {
  const text = (columns: readonly Column[]): string =>
    columns.map(({ name, type }) => `${name.toLowerCase()} ${normalType(type)}`).join(', ');
  if (text(wanted) === text(existing)) return [];
  return [difference('partition keys', show(wanted) || 'none', show(existing) || 'none', ANEW)];
}

function compareStorage(wanted: StorageDescriptor, existing: StorageDescriptor): DriftDifference[] {
  return compareTexts(ANEW, [
    ['input format', wanted.inputFormat, existing.inputFormat],
    ['output format', standIn(wanted.outputFormat), standIn(existing.outputFormat)],
    ['serde', wanted.serde.library, existing.serde.library],
    ['skew', showSkew(wanted), showSkew(existing)],
  ]);
}

/** A bucketed table promises which rows are in which file; the hash changed with bucketing_version 2. */
function compareBuckets(wanted: Table, existing: Table): DriftDifference[] {
  const text = ({ storage, parameters }: Table): string => {
    if (storage.numBuckets <= 0 || storage.bucketColumns.length === 0) return 'none';
    const sorted = storage.sortColumns.map(
      ({ column, order }) => `${column.toLowerCase()} ${order === 0 ? 'desc' : 'asc'}`,
    );
    const by = storage.bucketColumns.map((column) => column.toLowerCase()).join(', ');
    const sort = sorted.length === 0 ? '' : ` sorted by ${sorted.join(', ')}`;
    return `${by}${sort} into ${storage.numBuckets} buckets, version ${parameters.bucketing_version ?? '1'}`;
  };
  return compareTexts(ANEW, [['buckets', text(wanted), text(existing)]]);
}

function compareReading(wanted: Table, existing: Table): DriftDifference[] {
  const wayOut = 'set it on the target with ALTER TABLE ... SET TBLPROPERTIES or SET SERDEPROPERTIES';
  const properties = READING_PROPERTIES.map((name): Compared => {
    return [`property ${name}`, wanted.parameters[name] ?? 'not set', existing.parameters[name] ?? 'not set'];
  });
  const [ours, theirs] = [wanted, existing].map((table) => readingSerde(table.storage));
  const names = [...new Set([...Object.keys(ours ?? {}), ...Object.keys(theirs ?? {})])].sort();
  const serde = names.map((name): Compared => {
    return [`serde property ${name}`, ours?.[name] ?? 'not set', theirs?.[name] ?? 'not set'];
  });
  return compareTexts(wayOut, [...properties, ...serde]);
}

/** serialization.format is what field.delim is when that is not set, and nothing to serdes that do not know it. */
function readingSerde({ serde }: StorageDescriptor): Readonly<Record<string, string>> {
  const kept = Object.entries(serde.parameters).filter(
    ([name]) => !SERDE_PROPERTIES_ASIDE.includes(name) && name !== 'serialization.format',
  );
  const format = serde.parameters['serialization.format'];
  const delimiter = serde.parameters['field.delim'] ?? (format === '1' || format === '\u0001' ? undefined : format);
  const lazy = /LazySimpleSerDe$/.test(serde.library);
  const { 'field.delim': _, ...rest } = Object.fromEntries(kept);
  if (!lazy) return Object.fromEntries(kept);
  return delimiter === undefined || delimiter === '\u0001' ? rest : { ...rest, 'field.delim': delimiter };
}

type Compared = readonly [what: string, wanted: string, existing: string];

function compareTexts(wayOut: string, compared: readonly Compared[]): DriftDifference[] {
  return compared
    .filter(([, wanted, existing]) => wanted !== existing)
    .map(([what, wanted, existing]) => difference(what, wanted, existing, wayOut));
}

function difference(what: string, wanted: string, existing: string, wayOut: string): DriftDifference {
  return { what, wanted, existing, wayOut };
}

/** Old names of output formats, for which Hive puts its own (HiveFileFormatUtils). */
function standIn(outputFormat: string): string {
  switch (outputFormat) {
    case 'org.apache.hadoop.hive.ql.io.IgnoreKeyTextOutputFormat':
    case 'org.apache.hadoop.mapred.TextOutputFormat':
      return 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat';
    case 'org.apache.hadoop.mapred.SequenceFileOutputFormat':
      return 'org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat';
    default:
      return outputFormat;
  }
}

function showSkew({ skewed, storedAsSubDirectories }: StorageDescriptor): string {
  if (skewed === undefined) return 'none';
  const values = skewed.values.map((one) => one.join('/')).join(', ');
  const where = storedAsSubDirectories ? ', stored as directories' : '';
  return `${skewed.columns.join(', ').toLowerCase()} on ${values}${where}`;
}

function show(columns: readonly Column[]): string {
  return columns.map(({ name, type }) => `${name} ${type}`).join(', ');
}
