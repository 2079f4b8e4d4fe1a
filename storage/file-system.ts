import type { Readable } from 'node:stream';
import type { AclEntries } from './acl.ts';
import type { FileDefaults, QuotaUsage } from './quota.ts';

/** What a namenode says of one file or folder. Times are milliseconds since the epoch, lengths bytes. */
export type FileStatus = {
  /** The last segment, literal (never percent-encoded); '' when the asked path itself is described. */
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly length: number;
  readonly modificationTime: number;
  /** The inode's number: stable across renames, different for everything ever made. undefined: the server does not tell (a gateway). */
  readonly fileId: string | undefined;
  readonly blockSize: number;
  readonly replication: number;
  readonly owner: string;
  readonly group: string;
  /** Octal, as HDFS writes it: '755', with the sticky bit '1777'. */
  readonly permission: string;
  /** It lies in an encryption zone. */
  readonly encrypted: boolean;
  /** The erasure coding policy of a file, or of what is made in a folder: 'RS-6-3-1024k'; left out: blocks are replicated. */
  readonly erasureCoding?: string;
  /** It has ACL entries beyond what its permission says. */
  readonly hasAcl: boolean;
  /** Of the storage policy that counts here, the same number on every cluster (BlockStoragePolicySuite); 0: none is set on the way. */
  readonly storagePolicyId: number;
};

/** Who may do what with a file or folder, and where its blocks belong. */
export type Attributes = {
  readonly owner: string;
  readonly group: string;
  /** Octal: '755', with the sticky bit '1777'. Where there are access entries its middle digit is their mask. */
  readonly permission: string;
  /** Empty: none. undefined: the cluster keeps no ACLs (dfs.namenode.acls.enabled is off). */
  readonly acl: AclEntries | undefined;
  /** By name ('COLD'), as it counts here: its own or one inherited from above. undefined: none is set on the way. */
  readonly storagePolicy: string | undefined;
};

/** One attribute, set to a value whatever it was, so that it is safe to repeat. */
export type AttributeChange =
  | { readonly set: 'owner'; readonly owner: string }
  | { readonly set: 'group'; readonly group: string }
  | { readonly set: 'permission'; readonly permission: string }
  /** All entries, access and default, with the permission that their mask is part of; the sticky bit is not touched. */
  | { readonly set: 'acl'; readonly acl: AclEntries; readonly permission: string }
  /** undefined: its own is taken away, so that what is inherited counts. */
  | { readonly set: 'storagePolicy'; readonly storagePolicy: string | undefined };

/** A file's checksum as its own cluster computes it; two are comparable only when `algorithm` is equal. */
export type Checksum = { readonly algorithm: string; readonly bytes: string; readonly length: number };

/** Why a rename did not happen, in the server's words; the caller settles what is true by looking at fileIds. */
export type RenameAnswer = { readonly renamed: true } | { readonly renamed: false; readonly reason: string };

/** Why files were not joined, in the server's words. */
export type ConcatAnswer = { readonly joined: true } | { readonly joined: false; readonly reason: string };

/** Why no snapshot was made, in the server's words. */
export type SnapshotAnswer = { readonly made: true } | { readonly made: false; readonly reason: string };

export type CallOptions = { readonly signal?: AbortSignal };

export type CreateOptions = CallOptions & {
  /** Bytes; the cluster's own default when left out. */
  readonly blockSize?: number;
  /** Octal, 644 when left out; where the folder has a default ACL, what is left of that. */
  readonly permission?: string;
};

export type OpenOptions = CallOptions & { readonly offset?: number; readonly length?: number };

/**
 * The port to one cluster's files. Paths are absolute, literal and unencoded ('/warehouse/t/dt=2026-01-01 00%3A00'),
 * without a slash at the end; an adapter encodes them for its wire exactly once. What HDFS cannot hold as a path
 * (':', '..', an empty segment) is refused before it is sent, as INTERNAL.
 *
 * "Absent" is only ever the server's own proof (FileNotFoundException) and is a value where it is an expected answer.
 * Everything that is not an answer throws a FerryError: UNREACHABLE, DEADLINE, CONNECTION_LOST, STANDBY, SAFE_MODE,
 * SERVER_ERROR, BAD_ANSWER, AUTH_REQUIRED, PERMISSION_DENIED, QUOTA_EXCEEDED. An aborted signal rejects with the
 * signal's own reason, untouched. Reads may be repeated by the adapter; a call that changes something is sent once,
 * and again only when it provably did nothing.
 */
export interface FileSystem {
  /** The cluster's name, for messages. */
  readonly cluster: string;

  /** undefined: proven absent; also below a file, where nothing can be. So for list and checksum. */
  status(path: string, options?: CallOptions): Promise<FileStatus | undefined>;

  /**
   * The direct children in pages, in bounded memory; undefined: proven absent. Sorted across pages as every namenode
   * sorts (compareNames of path.ts), which is no order that JavaScript has. A folder that goes away meanwhile: PATH_ABSENT.
   * Of a file: one page with the file itself, name ''.
   */
  list(path: string, options?: CallOptions): Promise<AsyncIterable<readonly FileStatus[]> | undefined>;

  /** undefined: proven absent. 'open': the file is still being written, so that it has none. */
  checksum(path: string, options?: CallOptions): Promise<Checksum | 'open' | undefined>;

  /** Makes a folder and its missing parents; content that is a folder already. A file in the way: NOT_A_FOLDER. */
  mkdirs(path: string, options?: CallOptions): Promise<void>;

  /**
   * rename2 with no option: happens only when `from` is there, `to` is not, and the parent of `to` is a folder.
   * A refusal for one of those reasons (or "into itself") is an answer; no clear answer throws.
   */
  rename(from: string, to: string, options?: CallOptions): Promise<RenameAnswer>;

  /** Recursive. false: proven absent (or gone meanwhile). Below a file: false too. */
  delete(path: string, options?: CallOptions): Promise<boolean>;

  /** Sets the modification time in place, of a file or a folder. Absent: PATH_ABSENT. */
  setModificationTime(path: string, modificationTime: number, options?: CallOptions): Promise<void>;

  /**
   * What the quotas count at and below a path. undefined: proven absent. A folder without a quota of its own is counted
   * through by the namenode, which takes it about a second for each million files.
   */
  quotaUsage(path: string, options?: CallOptions): Promise<QuotaUsage | undefined>;

  /** undefined: the cluster does not tell (GETSERVERDEFAULTS came with Hadoop 3.0). */
  fileDefaults(options?: CallOptions): Promise<FileDefaults | undefined>;

  /** undefined: proven absent. */
  attributes(path: string, options?: CallOptions): Promise<Attributes | undefined>;

  /**
   * Sets one attribute of a file or folder, not of what is below. Absent: PATH_ABSENT. Only a superuser may give a file
   * to another owner, and only members of a group may give it to that group: PERMISSION_DENIED.
   */
  setAttribute(path: string, change: AttributeChange, options?: CallOptions): Promise<void>;

  /**
   * Writes a new file, never over one (PATH_EXISTS), never making its parent (PATH_ABSENT; NOT_A_FOLDER when a file
   * stands there). `body` is called once, only when the server is ready to take bytes. Resolves when the server has
   * confirmed the whole file. A failure may leave a truncated file behind: write under a temporary name.
   */
  create(path: string, body: () => AsyncIterable<Uint8Array>, options?: CreateOptions): Promise<void>;

  /**
   * Appends the blocks of `sources`, in their order, to `target`, which stays the file it is; the sources are gone then.
   * Whole or not at all. No byte is copied, so that the checksum is that of one file written at once only where every
   * file but the last ends at the end of a block. Refused, as an answer (FSDirConcatOp): a file that is absent, a source
   * that is empty or being written, is the target, is named twice, lies in another folder or has larger blocks; anything
   * in an encryption zone; another erasure coding. No clear answer throws; it may be asked again, since what has happened
   * leaves no sources.
   */
  concat(target: string, sources: readonly string[], options?: CallOptions): Promise<ConcatAnswer>;

  /**
   * Keeps a read-only picture of a folder as it is now, to be read at '<folder>/.snapshot/<name>'; costs no copy. One of
   * that name that is there stays as it is: safe to repeat. Only where an administrator has allowed snapshots of the very
   * folder, so that '<folder>/.snapshot' is there; a refusal for that reason is an answer. Only its owner may:
   * PERMISSION_DENIED. Absent: PATH_ABSENT.
   */
  createSnapshot(folder: string, name: string, options?: CallOptions): Promise<SnapshotAnswer>;

  /** false: proven absent. */
  deleteSnapshot(folder: string, name: string, options?: CallOptions): Promise<boolean>;

  /**
   * The bytes from `offset` (0), `length` of them (to the end). Absent, or a folder: PATH_ABSENT. A body that breaks
   * off is taken up again at its offset a bounded number of times; one that stays short rejects with CONNECTION_LOST, never ends early in silence.
   */
  open(path: string, options?: OpenOptions): Promise<Readable>;

  /**
   * Why a sync cannot publish through this server, whatever its user may do, with the way out; undefined: nothing speaks
   * against it. Left out: nothing ever does.
   */
  unfitAsTarget?(options?: CallOptions): Promise<string | undefined>;

  /** Ends idle connections; the object is not used afterwards. */
  close(): Promise<void>;
}
