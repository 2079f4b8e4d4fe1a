import type { FileStatus, FileSystem } from '../storage/file-system.ts';

/** The direct children; undefined: no such folder. */
export async function childrenOf(
  files: FileSystem,
  path: string,
  signal: AbortSignal,
): Promise<readonly FileStatus[] | undefined> {
  const pages = await files.list(path, { signal });
  if (pages === undefined) return undefined;
  const children: FileStatus[] = [];
  for await (const page of pages) children.push(...page);
  return children;
}
