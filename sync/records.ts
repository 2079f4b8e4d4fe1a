import type { Table } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import type { TableAt } from './outcome.ts';

/**
 * The record that a published partition carries in its catalog parameters (an unpartitioned table: the table's):
 * which run published it, from where, and the digest of the listing it was given. A live folder that no longer lists
 * to its recorded digest was changed by other hands.
 */
export type PublishRecord = { readonly run: string; readonly source: string; readonly digest: string };

const PREFIX = 'hive-ferry.';
const RUN = `${PREFIX}run`;
const SOURCE = `${PREFIX}source`;
const DIGEST = `${PREFIX}digest`;
/** A table property: the location a relocated table had at its first sync. */
export const BASE = `${PREFIX}base`;

/** A table property: which table, not only of which name, the copy was first published from. */
export const SOURCE_TABLE = `${PREFIX}source-table`;

export function isRecordParameter(name: string): boolean {
  return name.startsWith(PREFIX);
}

export function recordParameters(record: PublishRecord): Readonly<Record<string, string>> {
  return { [RUN]: record.run, [SOURCE]: record.source, [DIGEST]: record.digest };
}

export function recordOf(parameters: Readonly<Record<string, string>>): PublishRecord | undefined {
  const run = parameters[RUN];
  const source = parameters[SOURCE];
  const digest = parameters[DIGEST];
  return run !== undefined && source !== undefined && digest !== undefined ? { run, source, digest } : undefined;
}

/** What tells a table from one that was dropped and made anew under its name. */
export function tableIdentity({ id, createTime }: Pick<Table, 'id' | 'createTime'>): string {
  return `${id ?? ''}@${createTime}`;
}

/** The identity of a source table as records carry it: its file system, not the name that one config gives the cluster. */
export function sourceIdentity(source: Cluster, table: TableAt): string {
  return `${prefixesOf(source)[0]}/${table.database}.${table.table}`;
}

/** All identities that stand for the source: a cluster may go by several prefixes. */
export function sourceIdentities(source: Cluster, table: TableAt): readonly string[] {
  return prefixesOf(source).map((prefix) => `${prefix}/${table.database}.${table.table}`);
}

function prefixesOf({ fileSystems, name }: Cluster): readonly string[] {
  return fileSystems.length > 0 ? fileSystems : [name];
}

export function withoutRecord(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !isRecordParameter(name)));
}
