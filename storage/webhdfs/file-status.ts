import type { Checksum, FileStatus } from '../file-system.ts';
import { type Answer, badAnswer, jsonOf } from './answer.ts';

type Json = Readonly<Record<string, unknown>>;

/** A page of a folder's children, and whether more follow. */
export type Page = { readonly statuses: readonly FileStatus[]; readonly more: boolean };

/** The answer to GETFILESTATUS. */
export function readStatus(answer: Answer, what: string): FileStatus {
  return statusOf(jsonOf(answer, what).FileStatus, answer, what);
}

/** The answer to LISTSTATUS_BATCH. */
export function readPage(answer: Answer, what: string): Page {
  const listing = object(jsonOf(answer, what).DirectoryListing, answer, what);
  const statuses = readStatuses(listing.partialListing, answer, what);
  const { remainingEntries } = listing;
  if (typeof remainingEntries !== 'number') throw badAnswer(answer, what);
  // A page without children ends a listing whatever it counts, since there is no name to go on from.
  return { statuses, more: remainingEntries > 0 && statuses.length > 0 };
}

/** The answer to LISTSTATUS. */
export function readWholeListing(answer: Answer, what: string): readonly FileStatus[] {
  return readStatuses(jsonOf(answer, what), answer, what);
}

/** The answer to GETFILECHECKSUM. */
export function readChecksum(answer: Answer, what: string): Checksum {
  const { algorithm, bytes, length } = object(jsonOf(answer, what).FileChecksum, answer, what);
  const valid = typeof algorithm === 'string' && typeof bytes === 'string' && typeof length === 'number';
  if (!valid) throw badAnswer(answer, what);
  return { algorithm, bytes, length };
}

/** Of the answer to GETFILESTATUS: 0 where no storage policy is set; undefined from a server that does not tell. */
export function readPolicyId(answer: Answer, what: string): number | undefined {
  const { storagePolicy } = object(jsonOf(answer, what).FileStatus, answer, what);
  return typeof storagePolicy === 'number' ? storagePolicy : undefined;
}

/** The answer to GETSTORAGEPOLICY. */
export function readPolicyName(answer: Answer, what: string): string {
  const { name } = object(jsonOf(answer, what).BlockStoragePolicy, answer, what);
  return expect(name, 'string', answer, what) as string;
}

/** The answer to GETACLSTATUS. */
export function readAclEntries(answer: Answer, what: string): readonly string[] {
  const { entries } = object(jsonOf(answer, what).AclStatus, answer, what);
  if (!Array.isArray(entries) || !entries.every((entry) => typeof entry === 'string')) throw badAnswer(answer, what);
  return entries;
}

/** The answer to MKDIRS and DELETE: a yes or no that comes with HTTP 200 either way. */
export function readBoolean(answer: Answer, what: string): boolean {
  const { boolean } = jsonOf(answer, what);
  if (typeof boolean !== 'boolean') throw badAnswer(answer, what);
  return boolean;
}

function readStatuses(value: unknown, answer: Answer, what: string): readonly FileStatus[] {
  const { FileStatus: list } = object(object(value, answer, what).FileStatuses, answer, what);
  if (!Array.isArray(list)) throw badAnswer(answer, what);
  return list.map((entry) => statusOf(entry, answer, what));
}

/**
 * Every field that is asked for is there in every Hadoop from 2.4 on, but for the fileId, which a gateway may leave out
 * (HttpFS 3.4.1 tells it); a folder has length, block size and replication 0.
 */
function statusOf(value: unknown, answer: Answer, what: string): FileStatus {
  const json = object(value, answer, what);
  const text = (field: string) => expect(json[field], 'string', answer, what) as string;
  const number = (field: string) => expect(json[field], 'number', answer, what) as number;
  const type = text('type');
  // Symbolic links are switched off in HDFS; one would come from another file system behind a gateway.
  if (type !== 'FILE' && type !== 'DIRECTORY') throw badAnswer(answer, what);
  return {
    name: text('pathSuffix'),
    kind: type === 'FILE' ? 'file' : 'folder',
    length: number('length'),
    modificationTime: number('modificationTime'),
    fileId: json.fileId === undefined ? undefined : String(number('fileId')),
    blockSize: number('blockSize'),
    replication: number('replication'),
    owner: text('owner'),
    group: text('group'),
    permission: text('permission'),
    encrypted: json.encBit === true,
    ...(typeof json.ecPolicy === 'string' && { erasureCoding: json.ecPolicy }),
    hasAcl: json.aclBit === true,
    // Hadoop before 2.7 says nothing of policies.
    storagePolicyId: typeof json.storagePolicy === 'number' ? json.storagePolicy : 0,
  };
}

function object(value: unknown, answer: Answer, what: string): Json {
  return expect(value, 'object', answer, what) as Json;
}

function expect(value: unknown, type: 'string' | 'number' | 'object', answer: Answer, what: string): unknown {
  if (typeof value !== type || value === null) throw badAnswer(answer, what);
  return value;
}
