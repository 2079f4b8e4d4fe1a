import { Readable } from 'node:stream';
import { FerryError } from '../errors/ferry-error.ts';
import type {
  AttributeChange,
  Attributes,
  CallOptions,
  Checksum,
  ConcatAnswer,
  CreateOptions,
  FileStatus,
  FileSystem,
  OpenOptions,
  RenameAnswer,
  SnapshotAnswer,
} from './file-system.ts';
import { hdfsChecksum } from './hdfs-checksum.ts';
import { attributesOf, changeAttribute, policyIdOf } from './memory-attributes.ts';
import { type MemoryFile, type MemoryFolder, type MemoryInode, MemoryNamespace } from './memory-namespace.ts';
import { aboveOf, type Quota, usageOf } from './memory-quota.ts';
import { refuseInSnapshot } from './memory-snapshots.ts';
import { onAbort } from './on-abort.ts';
import { compareNames, segmentsOf } from './path.ts';
import type { FileDefaults, QuotaUsage } from './quota.ts';
import { untilAborted } from './until-aborted.ts';

export type MemoryFileSystemOptions = {
  /** The cluster's name. Default 'memory'. */
  readonly cluster?: string;
  /** Bytes, of files created without one; a multiple of bytesPerChecksum. Default 128 MiB. */
  readonly blockSize?: number;
  /** Bytes a CRC covers. Two clusters that differ here have no checksum in common. Default 512. */
  readonly bytesPerChecksum?: number;
  /** Milliseconds since the epoch. Default Date.now. */
  readonly clock?: () => number;
  /** Children a page of list(). Default 1000, as a namenode's dfs.ls.limit. */
  readonly pageSize?: number;
  /** Who makes what is made here, a superuser unless `superuser` is false. Default 'ferry'. */
  readonly owner?: string;
  readonly superuser?: boolean;
  /** dfs.namenode.acls.enabled. Default true. */
  readonly acls?: boolean;
};

type WriteOptions = { readonly modificationTime?: number; readonly owner?: string };

const PIECE = 64 * 1024;

/**
 * One HDFS cluster in memory, with the namenode's rules: file ids, rename2, open files that survive a rename and end
 * with a delete, modification times, checksums. Every call takes effect in one synchronous step, after it was awaited
 * once; create() in two, the file's appearance and its close, with the chunks between them.
 */
export class MemoryFileSystem implements FileSystem {
  readonly cluster: string;
  readonly #namespace: MemoryNamespace;
  readonly #blockSize: number;
  readonly #bytesPerChecksum: number;
  readonly #pageSize: number;
  readonly #owner: string;
  readonly #superuser: boolean;
  readonly #acls: boolean;

  constructor(options: MemoryFileSystemOptions = {}) {
    this.cluster = options.cluster ?? 'memory';
    this.#owner = options.owner ?? 'ferry';
    this.#namespace = new MemoryNamespace(options.clock ?? Date.now, this.#owner);
    this.#blockSize = options.blockSize ?? 128 * 1024 * 1024;
    this.#bytesPerChecksum = options.bytesPerChecksum ?? 512;
    this.#pageSize = options.pageSize ?? 1000;
    this.#superuser = options.superuser ?? true;
    this.#acls = options.acls ?? true;
  }

  async status(path: string, options: CallOptions = {}): Promise<FileStatus | undefined> {
    await arrive(options);
    const inode = this.#find(path);
    return inode === undefined ? undefined : this.#statusOf(inode, '');
  }

  async list(path: string, options: CallOptions = {}): Promise<AsyncIterable<readonly FileStatus[]> | undefined> {
    await arrive(options);
    const inode = this.#find(path);
    if (inode === undefined) return undefined;
    if (inode.kind === 'file') return onePage([this.#statusOf(inode, '')]);
    return this.#pages(path, this.#pageAfter(inode, undefined), options);
  }

  async checksum(path: string, options: CallOptions = {}): Promise<Checksum | 'open' | undefined> {
    await arrive(options);
    const inode = this.#find(path);
    if (inode === undefined || inode.kind === 'folder') return undefined;
    return inode.open ? 'open' : hdfsChecksum(contentOf(inode), inode.blockSize, this.#bytesPerChecksum, inode.joints);
  }

  async mkdirs(path: string, options: CallOptions = {}): Promise<void> {
    await arrive(options);
    this.#namespace.mkdirs(path);
  }

  async rename(from: string, to: string, options: CallOptions = {}): Promise<RenameAnswer> {
    await arrive(options);
    return this.#namespace.rename(from, to);
  }

  async delete(path: string, options: CallOptions = {}): Promise<boolean> {
    await arrive(options);
    return this.#namespace.delete(path);
  }

  async setModificationTime(path: string, modificationTime: number, options: CallOptions = {}): Promise<void> {
    await arrive(options);
    refuseInSnapshot(path);
    const inode = this.#find(path);
    if (inode === undefined) throw new FerryError('PATH_ABSENT', `${path} does not exist`);
    inode.modificationTime = modificationTime;
  }

  async quotaUsage(path: string, options: CallOptions = {}): Promise<QuotaUsage | undefined> {
    await arrive(options);
    const inode = this.#find(path);
    return inode && usageOf(inode);
  }

  async fileDefaults(options: CallOptions = {}): Promise<FileDefaults> {
    await arrive(options);
    return { replication: 1, blockSize: this.#blockSize };
  }

  async attributes(path: string, options: CallOptions = {}): Promise<Attributes | undefined> {
    await arrive(options);
    return this.attributesNow(path);
  }

  async setAttribute(path: string, change: AttributeChange, options: CallOptions = {}): Promise<void> {
    await arrive(options);
    refuseInSnapshot(path);
    const inode = this.#find(path);
    if (inode === undefined) throw new FerryError('PATH_ABSENT', `${path} does not exist`);
    changeAttribute(inode, change, { user: this.#owner, superuser: this.#superuser, acls: this.#acls });
  }

  async create(path: string, body: () => AsyncIterable<Uint8Array>, options: CreateOptions = {}): Promise<void> {
    await arrive(options);
    const { blockSize = this.#blockSize, permission = '644', signal } = options;
    const file = this.#namespace.createFile(path, blockSize, permission);
    try {
      for await (const chunk of untilAborted(body(), signal)) {
        this.#assertThere(file, path);
        this.#namespace.append(file, chunk);
      }
      this.#assertThere(file, path);
    } finally {
      // A datanode closes the file with what it has when the writer is gone; what is deleted stays deleted.
      this.#namespace.closeFile(file);
    }
  }

  async concat(target: string, sources: readonly string[], options: CallOptions = {}): Promise<ConcatAnswer> {
    await arrive(options);
    return this.#namespace.concat(target, sources);
  }

  async createSnapshot(folder: string, name: string, options: CallOptions = {}): Promise<SnapshotAnswer> {
    await arrive(options);
    return this.#namespace.createSnapshot(folder, name);
  }

  async deleteSnapshot(folder: string, name: string, options: CallOptions = {}): Promise<boolean> {
    await arrive(options);
    return this.#namespace.deleteSnapshot(folder, name);
  }

  async open(path: string, options: OpenOptions = {}): Promise<Readable> {
    await arrive(options);
    const inode = this.#find(path);
    if (inode === undefined) throw new FerryError('PATH_ABSENT', `${path} does not exist`);
    if (inode.kind === 'folder') throw new FerryError('PATH_ABSENT', `${path} is a folder, not a file`);
    const { offset = 0, length = Number.POSITIVE_INFINITY, signal } = options;
    const content = contentOf(inode)
      .subarray(0, visibleLength(inode))
      .subarray(offset, offset + length);
    const readable = Readable.from(pieces(content), { objectMode: false });
    const stop = onAbort(signal, (reason) => readable.destroy(reason as Error));
    readable.once('close', stop);
    return readable;
  }

  async close(): Promise<void> {}

  /** Lays down a whole file at once, with its parents; a file that is there is replaced by a new one, with a new id. */
  writeFile(path: string, bytes: Uint8Array | string, options: WriteOptions = {}): void {
    this.#namespace.mkdirs(parentOf(path));
    const there = this.#find(path);
    if (there?.kind === 'folder') throw new FerryError('PATH_EXISTS', `${path} is a folder`);
    if (there !== undefined) this.#namespace.delete(path);
    const file = this.#namespace.createFile(path, this.#blockSize, '644');
    this.#namespace.append(file, Buffer.from(bytes));
    this.#namespace.closeFile(file);
    file.modificationTime = options.modificationTime ?? file.modificationTime;
    file.owner = options.owner ?? file.owner;
  }

  /** Sets the quotas of a folder, as its administrator would (hdfs dfsadmin -setQuota, -setSpaceQuota); none: there are none. */
  setQuota(path: string, quota: Quota): void {
    this.#folderAt(path).quota = quota;
  }

  /** Makes a folder the root of an encryption zone (hdfs crypto -createZone). */
  makeEncryptionZone(path: string): void {
    this.#folderAt(path).encryptionZone = true;
  }

  /** What an administrator does (dfsadmin -allowSnapshot). */
  allowSnapshot(path: string): void {
    this.#namespace.mkdirs(path).snapshots ??= new Map();
  }

  /** The attributes of a file or folder as they stand, undefined where there is none. */
  attributesNow(path: string): Attributes | undefined {
    const inode = this.#find(path);
    return inode && attributesOf(inode, this.#acls);
  }

  /** The bytes of a file as they stand, undefined where there is none. */
  readFile(path: string): Buffer | undefined {
    const inode = this.#find(path);
    return inode?.kind === 'file' ? contentOf(inode) : undefined;
  }

  /** Everything at and below a path, one line each in the order of the paths: '/a/' a folder, '/a/f (5)' a file with its bytes, '/a/g (5, open)'. */
  tree(path = '/'): readonly string[] {
    return this.#everything(path).map(({ at, inode }) => {
      if (inode.kind === 'folder') return at === '/' ? '/' : `${at}/`;
      return `${at} (${inode.length}${inode.open ? ', open' : ''})`;
    });
  }

  /** The paths of the files being written, as they are called now. */
  openFiles(): readonly string[] {
    return this.#everything('/').flatMap(({ at, inode }) => (inode.kind === 'file' && inode.open ? [at] : []));
  }

  /** Absent also means below a file: nothing can stand there. */
  #find(path: string): MemoryInode | undefined {
    const there = this.#namespace.look(path);
    return typeof there === 'string' ? undefined : there;
  }

  #statusOf(inode: MemoryInode, name: string): FileStatus {
    const { kind, modificationTime, owner, group, permission, id: fileId, parent } = inode;
    const within = inode.kind === 'folder' ? inode : parent;
    const common = {
      name,
      kind,
      modificationTime,
      fileId,
      owner,
      group,
      permission,
      encrypted: aboveOf(within).some(({ encryptionZone }) => encryptionZone),
      hasAcl: this.#acls && inode.acl.length > 0,
      storagePolicyId: policyIdOf(inode),
    };
    if (inode.kind === 'folder') return { ...common, length: 0, blockSize: 0, replication: 0 };
    return { ...common, length: visibleLength(inode), blockSize: inode.blockSize, replication: 1 };
  }

  #folderAt(path: string): MemoryFolder {
    const inode = this.#find(path);
    if (inode?.kind !== 'folder') throw new FerryError('PATH_ABSENT', `there is no folder ${path}`);
    return inode;
  }

  #pageAfter(folder: MemoryFolder, after: string | undefined): readonly FileStatus[] {
    const names = [...folder.children.keys()].filter((name) => after === undefined || compareNames(name, after) > 0);
    const page = names.sort(compareNames).slice(0, this.#pageSize);
    return page.flatMap((name) => {
      const child = folder.children.get(name);
      return child === undefined ? [] : [this.#statusOf(child, name)];
    });
  }

  /** A later page shows the folder as it is by then, looked up by its path again, as a namenode does. */
  async *#pages(
    path: string,
    first: readonly FileStatus[],
    options: CallOptions,
  ): AsyncGenerator<readonly FileStatus[]> {
    let page = first;
    while (page.length > 0) {
      yield page;
      await arrive(options);
      const folder = this.#find(path);
      if (folder?.kind !== 'folder') throw new FerryError('PATH_ABSENT', `${path} went away while it was listed`);
      page = this.#pageAfter(folder, page.at(-1)?.name);
    }
  }

  #assertThere(file: MemoryFile, path: string): void {
    if (this.#namespace.pathOf(file) !== undefined) return;
    throw new FerryError('PATH_ABSENT', `${path} was deleted while it was being written`);
  }

  #everything(path: string): { at: string; inode: MemoryInode }[] {
    const inode = this.#find(path);
    if (inode === undefined) return [];
    const children = inode.kind === 'folder' ? [...inode.children.keys()].sort(compareNames) : [];
    const below = children.flatMap((name) => this.#everything(path === '/' ? `/${name}` : `${path}/${name}`));
    return [{ at: path, inode }, ...below];
  }
}

/** The one wait of a call, so that nothing takes effect in the caller's own step. */
async function arrive(options: CallOptions): Promise<void> {
  options.signal?.throwIfAborted();
  await Promise.resolve();
  options.signal?.throwIfAborted();
}

async function* onePage<T>(page: T): AsyncGenerator<T> {
  yield page;
}

function* pieces(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += PIECE) yield content.subarray(at, at + PIECE);
}

/** Of a file being written, readers see what is in blocks that are full. */
function visibleLength({ open, length, blockSize }: MemoryFile): number {
  return open ? Math.floor(length / blockSize) * blockSize : length;
}

function contentOf(file: MemoryFile): Buffer {
  return Buffer.concat(file.chunks);
}

function parentOf(path: string): string {
  return `/${segmentsOf(path).slice(0, -1).join('/')}`;
}
