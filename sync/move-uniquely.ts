import type { FileSystem } from '../storage/file-system.ts';

/**
 * Renames `from` to `to`, or to the first free one of '<to>+', '<to>++', so that nothing is ever put on top of anything.
 * 'gone': nothing stands at `from` any more, somebody else has moved it. A reason: it can go to no such name at all.
 */
export async function moveUniquely(
  files: FileSystem,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<'moved' | 'gone' | { readonly reason: string }> {
  for (let name = to; ; name += '+') {
    const answer = await files.rename(from, name, { signal });
    if (answer.renamed) return 'moved';
    if ((await files.status(from, { signal })) === undefined) return 'gone';
    if ((await files.status(name, { signal })) === undefined) return { reason: answer.reason };
  }
}
