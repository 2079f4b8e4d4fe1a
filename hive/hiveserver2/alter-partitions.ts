import { FerryError } from '../../errors/ferry-error.ts';
import { judgeAlteration } from '../alteration.ts';
import type { CatalogCallOptions } from '../catalog.ts';
import type { Applied, CatalogChange, PartitionAlteration } from '../change.ts';
import { formatPartitionName, quoteString } from '../partition-name.ts';
import { nameText } from '../statements.ts';
import type { Partition, Table } from '../table.ts';
import { assertDescribed } from './add-partitions.ts';
import type { HiveReader } from './hive-reader.ts';
import { literalSpec } from './literal-spec.ts';
import { recordsOnly } from './partition-parameters.ts';
import { describeStatements, notInHiveQl, serdePropertiesText } from './partition-statements.ts';
import { UNKNOWN_STATISTICS, withoutUnknownStatistics } from './unknown-statistics.ts';

type AlterPartitions = Extract<CatalogChange, { readonly kind: 'alter-partitions' }>;
type Asked = { readonly name: string; readonly alteration: PartitionAlteration };

/** Alters each where it is as expected; several statements a partition. */
export async function alterPartitions(
  reader: HiveReader,
  change: AlterPartitions,
  options: CatalogCallOptions,
): Promise<Applied> {
  const table = await reader.tableThere(change.of, options);
  const nullName = await reader.defaultPartitionName(options);
  const keys = table.partitionKeys.map((key) => key.name);
  const asked = change.partitions.map((alteration): Asked => {
    const name = formatPartitionName(keys, alteration.values, nullName);
    recordsOnly(alteration.parameters, name, reader.cluster);
    return { name, alteration };
  });
  const looked = await reader.onLiteral(asked, async (one, sql) => {
    const existing = await reader.partition(table, one.alteration.values, options, sql);
    return { ...one, ...judged(existing, one.alteration) };
  });
  const toAlter = looked.flatMap(({ name, alteration, verdict, existing }) =>
    verdict === 'alter' && existing !== undefined
      ? [{ alteration, statements: statements(reader, table, name, existing, alteration) }]
      : [],
  );
  await reader.onLiteral(toAlter, async ({ alteration, statements: { described, all } }, sql) => {
    for (const statement of all) await sql.execute(statement, options);
    const { storage, values } = alteration;
    if (described && storage !== undefined) await assertDescribed(reader, table, { values, storage }, options);
  });
  const unexpected = looked.filter(({ verdict }) => verdict === 'unexpected').map(({ name }) => name);
  return { changed: toAlter.length, unexpected };
}

function judged(existing: Partition | undefined, alteration: PartitionAlteration) {
  const seen = existing && { ...existing, parameters: withoutUnknownStatistics(existing.parameters) };
  return { existing, verdict: judgeAlteration(seen, alteration) };
}

/** The location last: where this ends in between, the partition still is where it is expected when it is repeated. */
function statements(
  reader: HiveReader,
  table: Table,
  name: string,
  existing: Partition,
  { values, location, parameters, storage }: PartitionAlteration,
): { readonly described: boolean; readonly all: readonly string[] } {
  const missing = storage === undefined ? [] : notInHiveQl(existing.storage, storage);
  if (missing.length > 0) {
    throw new FerryError(
      'CATALOG_REFUSED',
      `HiveQL cannot give the partition ${name} of ${table.database}.${table.name} other ${missing.join(', ')}: name a metastore of cluster ${reader.cluster}`,
    );
  }
  const of = nameText({ database: table.database, table: table.name });
  const head = `ALTER TABLE ${of} ${literalSpec(table.partitionKeys, values)}`;
  const described = storage === undefined ? [] : describeStatements(head, existing.storage, storage);
  const rest = [
    ...serdePropertiesText(parameters),
    UNKNOWN_STATISTICS,
    ...(location === existing.storage.location ? [] : [`SET LOCATION ${quoteString(location)}`]),
  ];
  return {
    described: described.length > 0,
    all: [...described, ...rest.map((statement) => `${head} ${statement}`)],
  };
}
