import { FerryError } from '../errors/ferry-error.ts';
import type { MemoryFolder, MemoryInode } from './memory-namespace.ts';
import type { QuotaUsage } from './quota.ts';

export type Quota = { readonly names?: number; readonly space?: number };
export type Used = { readonly names: number; readonly space: number };

export function usageOf(inode: MemoryInode): QuotaUsage {
  const quota = inode.kind === 'folder' ? inode.quota : {};
  return { ...usedBy(inode), nameQuota: quota.names, spaceQuota: quota.space };
}

/** Every block of a file that is being written is charged whole, from the moment it is asked for. */
export function usedBy(inode: MemoryInode): Used {
  if (inode.kind === 'file') {
    return { names: 1, space: inode.open ? wholeBlocks(inode.length, inode.blockSize) : inode.length };
  }
  let [names, space] = [1, 0];
  for (const child of inode.children.values()) {
    const below = usedBy(child);
    names += below.names;
    space += below.space;
  }
  return { names, space };
}

/** A folder and all those above it, the nearest first. */
export function aboveOf(folder: MemoryFolder | undefined): readonly MemoryFolder[] {
  return folder === undefined ? [] : [folder, ...aboveOf(folder.parent)];
}

/** Throws QUOTA_EXCEEDED, with the namenode's words, when a folder at or above `parent` has no room for this much more. */
export function assertRoom(
  parent: MemoryFolder,
  more: Used,
  pathOf: (folder: MemoryFolder) => string,
  except: ReadonlySet<MemoryFolder> = new Set(),
): void {
  for (const folder of aboveOf(parent)) {
    if (except.has(folder)) continue;
    const { names: nameQuota, space: spaceQuota } = folder.quota;
    if (nameQuota === undefined && spaceQuota === undefined) continue;
    const used = usedBy(folder);
    const [names, space] = [used.names + more.names, used.space + more.space];
    if (nameQuota !== undefined && more.names > 0 && names > nameQuota) {
      const text = `The NameSpace quota (directories and files) of directory ${pathOf(folder)} is exceeded: quota=${nameQuota} file count=${names}`;
      throw new FerryError('QUOTA_EXCEEDED', `NSQuotaExceededException: ${text}`);
    }
    if (spaceQuota !== undefined && more.space > 0 && space > spaceQuota) {
      const text = `The DiskSpace quota of ${pathOf(folder)} is exceeded: quota = ${spaceQuota} B but diskspace consumed = ${space} B`;
      throw new FerryError('QUOTA_EXCEEDED', `DSQuotaExceededException: ${text}`);
    }
  }
}

export function wholeBlocks(length: number, blockSize: number): number {
  return Math.ceil(length / blockSize) * blockSize;
}
