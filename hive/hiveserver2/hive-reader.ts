import { FerryError } from '../../errors/ferry-error.ts';
import type { CatalogCallOptions } from '../catalog.ts';
import { DEFAULT_PARTITION_NAME, parsePartitionName } from '../partition-name.ts';
import type { Sql } from '../sql.ts';
import { nameText, quoteName } from '../statements.ts';
import type { Database, Partition, Table, TableName } from '../table.ts';
import { provesNoDatabase, provesNoPartition, provesNoTable, provesUnpartitioned } from './absence.ts';
import { describedDatabase, describedPartition, describedTable } from './described.ts';
import { literalSpec } from './literal-spec.ts';

/**
 * `plain` shows lists as rows of text; each of `literal` describes as JSON and takes partition values as they stand
 * (LITERAL_SETTINGS).
 */
export type HiveSessions = { readonly plain: Sql; readonly literal: readonly Sql[] };

/** Partitions described between two that are handed on. */
const BATCH = 100;

/** What can be read of Hive's metadata in HiveQL. */
export class HiveReader {
  readonly cluster: string;
  readonly sessions: HiveSessions;
  #defaultPartitionName: string | undefined;

  constructor(cluster: string, sessions: HiveSessions) {
    this.cluster = cluster;
    this.sessions = sessions;
  }

  async database(name: string, options: CatalogCallOptions): Promise<Database | undefined> {
    const text = this.#describe(`DESCRIBE DATABASE EXTENDED ${quoteName(name.toLowerCase())}`, options);
    return unless(provesNoDatabase, text.then(describedDatabase));
  }

  async tableNames(database: string, options: CatalogCallOptions): Promise<readonly string[] | undefined> {
    return unless(provesNoDatabase, this.#list(`SHOW TABLES IN ${quoteName(database.toLowerCase())}`, options));
  }

  async table(name: TableName, options: CatalogCallOptions): Promise<Table | undefined> {
    return unless(provesNoTable, this.#describe(`DESCRIBE EXTENDED ${lowerName(name)}`, options).then(describedTable));
  }

  /** @throws FerryError TABLE_NOT_FOUND. */
  async tableThere(name: TableName, options: CatalogCallOptions): Promise<Table> {
    const table = await this.table(name, options);
    if (table !== undefined) return table;
    const { database, table: bare } = name;
    throw new FerryError('TABLE_NOT_FOUND', `no table ${database}.${bare} on cluster ${this.cluster}`.toLowerCase());
  }

  /** In the escaped form of partition folders, which is the only one that SHOW PARTITIONS tells without loss. */
  async partitionNames(name: TableName, options: CatalogCallOptions): Promise<readonly string[] | undefined> {
    const shown = this.#list(`SHOW PARTITIONS ${lowerName(name)}`, options);
    return unless(
      provesNoTable,
      shown.catch((error) => {
        if (provesUnpartitioned(error)) return [];
        throw error;
      }),
    );
  }

  /**
   * The named partitions, one DESCRIBE each, over all literal sessions at once. EXPLAIN EXTENDED tells of thousands in
   * one statement, but merges the properties of descriptor, SerDe and partition, and leaves comments out.
   */
  async *partitions(
    table: Table,
    names: readonly string[],
    options: CatalogCallOptions,
  ): AsyncGenerator<readonly Partition[]> {
    const of = { database: table.database, table: table.name };
    const registered = new Set(await this.partitionNames(of, options));
    const there = names.filter((one) => registered.has(one)).map(valuesOf);
    for (let from = 0; from < there.length; from += BATCH) {
      const batch = there.slice(from, from + BATCH);
      const found = await this.onLiteral(batch, (values, sql) => this.partition(table, values, options, sql));
      const present = found.filter((one) => one !== undefined);
      if (present.length > 0) yield present;
    }
  }

  async partition(
    table: Table,
    values: readonly string[],
    options: CatalogCallOptions,
    sql?: Sql,
  ): Promise<Partition | undefined> {
    const of = nameText({ database: table.database, table: table.name });
    const statement = `DESCRIBE EXTENDED ${of} ${literalSpec(table.partitionKeys, values)}`;
    const partition = await unless(provesNoPartition, this.#describe(statement, options, sql).then(describedPartition));
    if (partition === undefined || sameValues(partition.values, values)) return partition;
    throw new FerryError(
      'BAD_ANSWER',
      `HiveServer2 of cluster ${this.cluster} described the partition (${partition.values.join(', ')}) of ${of} when asked for (${values.join(', ')})`,
    );
  }

  async defaultPartitionName(options: CatalogCallOptions): Promise<string> {
    options.signal?.throwIfAborted();
    const name = 'hive.exec.default.partition.name';
    if (this.#defaultPartitionName === undefined) {
      const [line = ''] = await this.#list(`SET ${name}`, options);
      this.#defaultPartitionName = line.startsWith(`${name}=`) ? line.slice(name.length + 1) : DEFAULT_PARTITION_NAME;
    }
    return this.#defaultPartitionName;
  }

  /** Works off the items over all literal sessions, one at a time on each; the answers are in the items' order. */
  async onLiteral<T, R>(items: readonly T[], work: (item: T, sql: Sql) => Promise<R>): Promise<R[]> {
    const answers: R[] = [];
    let next = 0;
    const drain = async (sql: Sql): Promise<void> => {
      for (let at = next++; at < items.length; at = next++) {
        try {
          answers[at] = await work(items[at] as T, sql);
        } catch (error) {
          next = items.length;
          throw error;
        }
      }
    };
    const settled = await Promise.allSettled(this.sessions.literal.slice(0, items.length).map(drain));
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return answers;
  }

  async close(): Promise<void> {
    const { plain, literal } = this.sessions;
    await Promise.all([plain, ...literal].map((sql) => sql.close()));
  }

  async #describe(
    statement: string,
    options: CatalogCallOptions,
    sql: Sql | undefined = this.sessions.literal[0],
  ): Promise<string> {
    if (sql === undefined) throw new FerryError('INTERNAL', 'there is no session to describe with');
    const lines = await rowsOf(sql, statement, options);
    return lines.join('\n');
  }

  async #list(statement: string, options: CatalogCallOptions): Promise<readonly string[]> {
    return (await rowsOf(this.sessions.plain, statement, options)).sort();
  }
}

/** The values that a partition's registered name stands for. */
export function valuesOf(name: string): readonly string[] {
  return parsePartitionName(name).map(({ value }) => value);
}

/** The first column of every row. */
async function rowsOf(sql: Sql, statement: string, { signal }: CatalogCallOptions): Promise<string[]> {
  const texts: string[] = [];
  for await (const page of sql.query(statement, signal === undefined ? {} : { signal })) {
    for (const row of page) texts.push(String(Object.values(row)[0] ?? ''));
  }
  return texts;
}

/** undefined where the server's own error proves absence; every other error is thrown. */
async function unless<T>(isProof: (error: unknown) => boolean, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isProof(error)) return undefined;
    throw error;
  }
}

function lowerName({ database, table }: TableName): string {
  return nameText({ database: database.toLowerCase(), table: table.toLowerCase() });
}

function sameValues(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((value, i) => value === others[i]);
}
