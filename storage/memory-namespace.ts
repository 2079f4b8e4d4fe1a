import { FerryError } from '../errors/ferry-error.ts';
import { type AclEntries, inheritedGuard } from './acl.ts';
import type { ConcatAnswer, RenameAnswer, SnapshotAnswer } from './file-system.ts';
import { aboveOf, assertRoom, type Quota, type Used, usedBy, wholeBlocks } from './memory-quota.ts';
import { frozen, refuseInSnapshot, refuseWithSnapshots, SNAPSHOTS, snapshotsFolder } from './memory-snapshots.ts';
import { segmentsOf } from './path.ts';

type Common = {
  readonly id: string;
  name: string;
  /** undefined: the root, or no longer in the namespace. */
  parent: MemoryFolder | undefined;
  modificationTime: number;
  owner: string;
  group: string;
  permission: string;
  acl: AclEntries;
  /** Its own; what counts may come from a folder above. */
  storagePolicy: string | undefined;
};
export type MemoryFolder = Common & {
  readonly kind: 'folder';
  readonly children: Map<string, MemoryInode>;
  quota: Quota;
  /** The root of an encryption zone: all below it is encrypted with the zone's key. */
  encryptionZone: boolean;
  /** By name; undefined: snapshots of the folder are not allowed. */
  snapshots: Map<string, MemoryInode> | undefined;
};
export type MemoryFile = Common & {
  readonly kind: 'file';
  readonly blockSize: number;
  readonly chunks: Uint8Array[];
  /** Where a block ends though it is not full, for another file was joined on: offsets, rising. */
  readonly joints: number[];
  length: number;
  /** Being written: it has no checksum, and only its whole blocks show in its length. */
  open: boolean;
};
export type MemoryInode = MemoryFolder | MemoryFile;

/** What stands at a path; `below-a-file` when the way to it leads through a file. */
export type Lookup = MemoryInode | 'absent' | 'below-a-file';

/**
 * The inodes of one in-memory HDFS namespace and the namenode's rules for changing it (FSDirMkdirOp, FSDirRenameOp,
 * FSDirDeleteOp, FSDirWriteFileOp). Every method is one synchronous step: it happens whole or throws and changes nothing.
 */
export class MemoryNamespace {
  readonly root: MemoryFolder;
  readonly #clock: () => number;
  readonly #owner: string;
  #lastId = 16384;

  constructor(clock: () => number, owner: string) {
    this.#clock = clock;
    this.#owner = owner;
    this.root = this.#folder('', undefined);
  }

  look(path: string): Lookup {
    let at: MemoryInode = this.root;
    for (const segment of segmentsOf(path)) {
      if (at.kind === 'file') return 'below-a-file';
      const child: MemoryInode | undefined = segment === SNAPSHOTS ? snapshotsFolder(at) : at.children.get(segment);
      if (child === undefined) return 'absent';
      at = child;
    }
    return at;
  }

  mkdirs(path: string): MemoryFolder {
    refuseInSnapshot(path);
    this.#refuseFileOnTheWay(path);
    let at = this.root;
    for (const segment of segmentsOf(path)) {
      const child = at.children.get(segment);
      at = child?.kind === 'folder' ? child : this.#makeFolder(at, segment);
    }
    return at;
  }

  /** A new empty file that is open for writing. */
  createFile(path: string, blockSize: number, permission: string): MemoryFile {
    refuseInSnapshot(path);
    const there = this.look(path);
    if (there === 'below-a-file') throw new FerryError('NOT_A_FOLDER', `a file stands above ${path}`);
    if (there !== 'absent') throw new FerryError('PATH_EXISTS', `${path} already exists`);
    const { parent, name } = this.#place(path);
    if (parent === undefined) throw new FerryError('PATH_ABSENT', `the parent folder of ${path} does not exist`);
    this.#assertRoom(parent, { names: 1, space: 0 });
    const common = this.#common(name, parent, permission, 'file');
    const file: MemoryFile = { kind: 'file', ...common, blockSize, chunks: [], joints: [], length: 0, open: true };
    this.#attach(file, parent, name);
    return file;
  }

  append(file: MemoryFile, chunk: Uint8Array): void {
    const before = wholeBlocks(file.length, file.blockSize);
    const space = wholeBlocks(file.length + chunk.length, file.blockSize) - before;
    if (file.parent !== undefined) this.#assertRoom(file.parent, { names: 0, space });
    // The writer may use its buffer again as soon as the next chunk is asked for.
    file.chunks.push(Uint8Array.from(chunk));
    file.length += chunk.length;
  }

  closeFile(file: MemoryFile): void {
    file.open = false;
    file.modificationTime = this.#clock();
  }

  /** rename2 without options. */
  rename(from: string, to: string): RenameAnswer {
    refuseInSnapshot(from, to);
    const source = this.look(from);
    const target = this.look(to);
    if (source === 'below-a-file') return refused(`a file stands above the source ${from}`);
    if (source === 'absent') return refused(`rename source ${from} is not found`);
    if (target === 'below-a-file') return refused(`a file stands above the destination ${to}`);
    if (source === this.root || target === this.root) return refused('the root cannot be renamed or replaced');
    if (to.startsWith(`${from}/`)) return refused(`rename destination ${to} is under source ${from}`);
    if (target !== 'absent') return refused(`rename destination ${to} already exists`);
    const { parent, name } = this.#place(to);
    if (parent === undefined) return refused(`the parent of rename destination ${to} is not found`);
    refuseWithSnapshots(source, from);
    this.#assertMovable(source, parent);
    this.#detach(source);
    this.#attach(source, parent, name);
    return { renamed: true };
  }

  /** FSDirConcatOp: the blocks of the sources are appended to the target's, and the sources are gone. */
  concat(target: string, sources: readonly string[]): ConcatAnswer {
    refuseInSnapshot(target, ...sources);
    const into = this.look(target);
    if (typeof into === 'string' || into.kind === 'folder') return notJoined(`${target} is no file`);
    if (into.open) return notJoined(`${target} is being written`);
    const files = new Set<MemoryFile>();
    for (const path of sources) {
      const file = this.look(path);
      if (typeof file === 'string' || file.kind === 'folder') return notJoined(`${path} is no file`);
      if (file === into || files.has(file)) return notJoined(`${path} is named twice`);
      if (file.parent !== into.parent) return notJoined(`${path} is not in the folder of ${target}`);
      if (file.open || file.length === 0) return notJoined(`${path} is empty or being written`);
      if (file.blockSize > into.blockSize) return notJoined(`${path} has larger blocks than ${target}`);
      files.add(file);
    }
    if (files.size === 0) return notJoined('no sources are named');
    for (const file of files) {
      into.joints.push(into.length, ...file.joints.map((joint) => into.length + joint));
      into.chunks.push(...file.chunks);
      into.length += file.length;
      this.#detach(file);
    }
    into.modificationTime = this.#clock();
    return { joined: true };
  }

  /** FSDirSnapshotOp: allowed by an administrator, folder by folder. */
  createSnapshot(path: string, name: string): SnapshotAnswer {
    const folder = this.look(path);
    if (typeof folder === 'string') throw new FerryError('PATH_ABSENT', `${path} does not exist`);
    if (folder.kind === 'file' || folder.snapshots === undefined)
      return { made: false, reason: `${path} is not a snapshottable folder` };
    if (!folder.snapshots.has(name)) folder.snapshots.set(name, frozen(folder));
    return { made: true };
  }

  deleteSnapshot(path: string, name: string): boolean {
    const folder = this.look(path);
    return typeof folder === 'object' && folder.kind === 'folder' && folder.snapshots?.delete(name) === true;
  }

  delete(path: string): boolean {
    refuseInSnapshot(path);
    const there = this.look(path);
    if (typeof there === 'string') return false;
    if (there === this.root) throw new FerryError('SERVER_ERROR', 'the root folder is never deleted');
    refuseWithSnapshots(there, path);
    this.#detach(there);
    return true;
  }

  /** Its path now, which a rename of any folder above may have changed; undefined: no longer in the namespace. */
  pathOf(inode: MemoryInode): string | undefined {
    if (inode === this.root) return '/';
    if (inode.parent === undefined) return undefined;
    const above = this.pathOf(inode.parent);
    return above === undefined ? undefined : `${above === '/' ? '' : above}/${inode.name}`;
  }

  /** Group and default ACL come from the parent, as in BSD; the owner is who makes it. */
  #common(name: string, parent: MemoryFolder | undefined, mode: string, kind: MemoryInode['kind']): Common {
    this.#lastId += 1;
    return {
      id: String(this.#lastId),
      name,
      parent,
      modificationTime: this.#clock(),
      owner: this.#owner,
      group: parent?.group ?? 'supergroup',
      ...inheritedGuard(parent?.acl ?? [], mode, kind),
      storagePolicy: undefined,
    };
  }

  #makeFolder(parent: MemoryFolder, name: string): MemoryFolder {
    const folder = this.#folder(name, parent);
    this.#assertRoom(parent, { names: 1, space: 0 });
    this.#attach(folder, parent, name);
    return folder;
  }

  #folder(name: string, parent: MemoryFolder | undefined): MemoryFolder {
    const common = this.#common(name, parent, '755', 'folder');
    return { kind: 'folder', ...common, children: new Map(), quota: {}, encryptionZone: false, snapshots: undefined };
  }

  #assertRoom(parent: MemoryFolder, more: Used, except?: ReadonlySet<MemoryFolder>): void {
    assertRoom(parent, more, (folder) => this.pathOf(folder) ?? folder.name, except);
  }

  /** What stays below a folder changes nothing of its quota; nothing moves into or out of an encryption zone (FSDirEncryptionZoneOp). */
  #assertMovable(source: MemoryInode, parent: MemoryFolder): void {
    const zone = (folder: MemoryFolder | undefined) => aboveOf(folder).find(({ encryptionZone }) => encryptionZone);
    if (zone(source.parent) !== zone(parent)) {
      throw new FerryError(
        'SERVER_ERROR',
        `IOException: ${source.name} can't be moved out of or into an encryption zone.`,
      );
    }
    this.#assertRoom(parent, usedBy(source), new Set(aboveOf(source.parent)));
  }

  #refuseFileOnTheWay(path: string): void {
    const there = this.look(path);
    const file = there === 'below-a-file' || (typeof there === 'object' && there.kind === 'file');
    if (file) throw new FerryError('NOT_A_FOLDER', `a file stands at or above ${path}`);
  }

  #place(path: string): { parent: MemoryFolder | undefined; name: string } {
    const segments = segmentsOf(path);
    const parent = this.look(`/${segments.slice(0, -1).join('/')}`);
    const folder = typeof parent === 'object' && parent.kind === 'folder' ? parent : undefined;
    return { parent: folder, name: segments.at(-1) ?? '' };
  }

  #attach(inode: MemoryInode, parent: MemoryFolder, name: string): void {
    inode.parent = parent;
    inode.name = name;
    parent.children.set(name, inode);
    parent.modificationTime = this.#clock();
  }

  #detach(inode: MemoryInode): void {
    const { parent } = inode;
    if (parent === undefined) return;
    parent.children.delete(inode.name);
    parent.modificationTime = this.#clock();
    inode.parent = undefined;
  }
}

function refused(reason: string): RenameAnswer {
  return { renamed: false, reason };
}

function notJoined(reason: string): ConcatAnswer {
  return { joined: false, reason };
}
