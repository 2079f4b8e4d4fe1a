import { FerryError } from '../errors/ferry-error.ts';
import type { MemoryFolder, MemoryInode } from './memory-namespace.ts';
import { segmentsOf } from './path.ts';

/** The name under which a snapshottable folder shows its snapshots, to those who ask for it; no listing has it. */
export const SNAPSHOTS = '.snapshot';

/** What stands at '<folder>/.snapshot'; undefined: the folder is not snapshottable. */
export function snapshotsFolder(folder: MemoryFolder): MemoryFolder | undefined {
  const { snapshots } = folder;
  if (snapshots === undefined) return undefined;
  const nobody = { owner: '', group: '', permission: '777', acl: [], modificationTime: 0 };
  return { ...folder, ...nobody, id: '-1', name: SNAPSHOTS, children: snapshots, snapshots: undefined };
}

/** A copy that no later change of the original reaches; identities are kept. */
export function frozen(inode: MemoryInode): MemoryInode {
  if (inode.kind === 'file') return { ...inode, chunks: [...inode.chunks], joints: [...inode.joints] };
  const children = [...inode.children].map(([name, child]) => [name, frozen(child)] as const);
  return { ...inode, children: new Map(children), snapshots: undefined };
}

/** What is in a snapshot is never changed, and nobody else may use the name. */
export function refuseInSnapshot(...paths: readonly string[]): void {
  const path = paths.find((each) => segmentsOf(each).includes(SNAPSHOTS));
  if (path === undefined) return;
  throw new FerryError('PERMISSION_DENIED', `${path}: modification on a read-only snapshot is disallowed`);
}

/** A folder with snapshots, or one above it, is neither deleted nor renamed. */
export function refuseWithSnapshots(inode: MemoryInode, path: string): void {
  if (holdsSnapshots(inode)) throw new FerryError('PERMISSION_DENIED', `${path} is snapshottable and has snapshots`);
}

function holdsSnapshots(inode: MemoryInode): boolean {
  if (inode.kind === 'file') return false;
  return (inode.snapshots?.size ?? 0) > 0 || [...inode.children.values()].some(holdsSnapshots);
}
