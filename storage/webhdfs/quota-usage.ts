import { isFerryError } from '../../errors/ferry-error.ts';
import type { CallOptions } from '../file-system.ts';
import type { FileDefaults, QuotaUsage } from '../quota.ts';
import { type Answer, badAnswer, isSaid, jsonOf } from './answer.ts';
import type { Namenode, Operation } from './namenode.ts';

/** GETQUOTAUSAGE, or what an older namenode (before Hadoop 3.0) knows in its place. PATH_ABSENT and NOT_A_FOLDER: nothing is there. */
export async function readQuotaUsage(namenode: Namenode, path: string, options: CallOptions): Promise<QuotaUsage> {
  const operation: Operation = { method: 'GET', op: 'GETQUOTAUSAGE', path };
  try {
    return usageOf(await namenode.call(operation, options), 'QuotaUsage', namenode.nameOf(operation));
  } catch (error) {
    if (!isUnknownOperation(error, operation.op)) throw error;
    const older: Operation = { ...operation, op: 'GETCONTENTSUMMARY' };
    return usageOf(await namenode.call(older, options), 'ContentSummary', namenode.nameOf(older));
  }
}

/** GETSERVERDEFAULTS; undefined: the namenode does not know it. */
export async function readFileDefaults(namenode: Namenode, options: CallOptions): Promise<FileDefaults | undefined> {
  const operation: Operation = { method: 'GET', op: 'GETSERVERDEFAULTS', path: '/' };
  try {
    const answer = await namenode.call(operation, options);
    const what = namenode.nameOf(operation);
    const defaults = objectIn(answer, 'FsServerDefaults', what);
    return {
      replication: numberIn(defaults, 'replication', answer, what),
      blockSize: numberIn(defaults, 'blockSize', answer, what),
    };
  } catch (error) {
    if (isUnknownOperation(error, operation.op)) return undefined;
    throw error;
  }
}

/** The bytes that the datanodes that are alive hold in all, used or not (GETSTATUS); undefined: a namenode before Hadoop 3.4, which does not know it. */
export async function readCapacity(namenode: Namenode, options: CallOptions): Promise<number | undefined> {
  const operation: Operation = { method: 'GET', op: 'GETSTATUS', path: '/' };
  try {
    const answer = await namenode.call(operation, options);
    const what = namenode.nameOf(operation);
    return numberIn(objectIn(answer, 'FsStatus', what), 'capacity', answer, what);
  } catch (error) {
    if (isUnknownOperation(error, operation.op)) return undefined;
    throw error;
  }
}

/** The namenode's words for an operation that it does not know (EnumParam). */
export function isUnknownOperation(error: unknown, op: string): boolean {
  return isFerryError(error) && error.details.status === 400 && isSaid(error, new RegExp(`\\b${op}\\b`));
}

function usageOf(answer: Answer, key: 'QuotaUsage' | 'ContentSummary', what: string): QuotaUsage {
  const usage = objectIn(answer, key, what);
  const number = (field: string) => numberIn(usage, field, answer, what);
  const names = key === 'QuotaUsage' ? number('fileAndDirectoryCount') : number('fileCount') + number('directoryCount');
  return {
    names,
    nameQuota: quotaOf(number('quota')),
    space: number('spaceConsumed'),
    spaceQuota: quotaOf(number('spaceQuota')),
  };
}

/** -1 where none is set; the root has Java's Long.MAX_VALUE names. */
function quotaOf(quota: number): number | undefined {
  return quota < 0 || quota > Number.MAX_SAFE_INTEGER ? undefined : quota;
}

function objectIn(answer: Answer, key: string, what: string): Readonly<Record<string, unknown>> {
  const value = jsonOf(answer, what)[key];
  if (typeof value !== 'object' || value === null) throw badAnswer(answer, what);
  return value as Readonly<Record<string, unknown>>;
}

function numberIn(json: Readonly<Record<string, unknown>>, field: string, answer: Answer, what: string): number {
  const value = json[field];
  if (typeof value !== 'number') throw badAnswer(answer, what);
  return value;
}
