import { isFerryError } from '../errors/ferry-error.ts';
import type { FileSystem } from '../storage/file-system.ts';

/** `unknown`: the folder is at neither end; somebody else has moved it. */
export type Settled = { readonly moved: 'yes' } | { readonly moved: 'no' | 'unknown'; readonly reason: string };

/**
 * Renames a folder of known identity. A refusal, a lost answer or any other failure is settled by looking for that
 * identity at both ends, never by the kind of error, and never by asking again: the first call may have taken effect,
 * or may yet. A failure that no look explains (permission, quota) is thrown when the folder did not move.
 */
export async function settleRename(
  files: FileSystem,
  folderId: string,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<Settled> {
  let reason: string;
  let failure: unknown;
  try {
    const answer = await files.rename(from, to, { signal });
    if (answer.renamed) return { moved: 'yes' };
    reason = answer.reason;
  } catch (error) {
    if (!isFerryError(error)) throw error;
    failure = error;
    reason = error.message;
  }
  if ((await files.status(to, { signal }))?.fileId === folderId) return { moved: 'yes' };
  const there = (await files.status(from, { signal }))?.fileId === folderId;
  if (there && failure !== undefined) throw failure;
  return { moved: there ? 'no' : 'unknown', reason };
}
