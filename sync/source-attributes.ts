import type { Attributes, FileStatus } from '../storage/file-system.ts';
import { changesTo, type Wanted } from './attributes.ts';
import type { Cluster } from './cluster.ts';
import type { Reader } from './engine.ts';
import { walkFolder } from './listing.ts';

/**
 * What attributes: "source" asks for. A source that keeps no ACLs, or on which no storage policy is set, says nothing of
 * them: the target's stay.
 */
export function wantedAs({ owner, group, permission, acl, storagePolicy }: Attributes): Wanted {
  return { owner, group, permission, ...(acl && { acl }), ...(storagePolicy !== undefined && { storagePolicy }) };
}

/**
 * The paths below a partition's folder, '' for the folder itself, in which the target's attributes are not the source's;
 * the deepest first, so that none is closed before what is in it was reached. What only one side has is left out. One
 * walk over either side; only where a status does not tell (ACLs, storage policies) is asked further.
 */
export async function differingAttributes(
  reader: Pick<Reader, 'signal' | 'heartbeat'>,
  { source, target }: { readonly source: Cluster; readonly target: Cluster },
  from: string,
  to: string,
): Promise<readonly string[]> {
  const { signal } = reader;
  const [theirs, ours] = [await statusesBelow(source, from, signal), await statusesBelow(target, to, signal)];
  const differing: string[] = [];
  for (const [path, want] of theirs) {
    reader.heartbeat();
    const have = ours.get(path);
    if (have === undefined) continue;
    const known = want.owner !== have.owner || want.group !== have.group || want.permission !== have.permission;
    const open =
      want.hasAcl || have.hasAcl || (want.storagePolicyId !== 0 && want.storagePolicyId !== have.storagePolicyId);
    if (known || (open && (await differ(source, target, at(from, path), at(to, path), signal)))) differing.push(path);
  }
  return differing.sort((a, b) => depthOf(b) - depthOf(a));
}

async function statusesBelow(
  { files }: Cluster,
  folder: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FileStatus>> {
  const found = new Map<string, FileStatus>();
  const status = await files.status(folder, { signal });
  if (status === undefined) return found;
  found.set('', status);
  for await (const entry of (await walkFolder(files, folder, signal)) ?? []) found.set(entry.path, entry.status);
  return found;
}

async function differ(
  source: Cluster,
  target: Cluster,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<boolean> {
  const want = await source.files.attributes(from, { signal });
  const have = await target.files.attributes(to, { signal });
  return want !== undefined && have !== undefined && changesTo(have, wantedAs(want)).length > 0;
}

/** A path below a folder; '' is the folder itself. */
export function at(folder: string, path: string): string {
  return path === '' ? folder : `${folder}/${path}`;
}

function depthOf(path: string): number {
  return path === '' ? 0 : path.split('/').length;
}
