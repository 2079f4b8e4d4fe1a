import type { Cluster } from './cluster.ts';
import type { Reader } from './engine.ts';
import { readFootprint } from './finish-run.ts';
import { foldLedger, readLedger } from './ledger.ts';
import type { Registrations } from './registrations.ts';
import { controlFolder } from './run-folder.ts';
import { LONGEST_ATTEMPT_MS } from './runs.ts';
import type { RunMarker } from './table-runs.ts';

/** Something that took a version out of use: when, and how long the run that did it keeps such versions. */
export type Superseded = { readonly at: string; readonly retainMs: number };

/** The catalog showed a partition at a folder, when a run read it back. */
type Flip = Superseded & { readonly path: string };

/** What all runs of a table that are on record did to its partitions. */
export type TableHistory = {
  /** Folder identity -> digest of every version that one of them landed, or was about to. */
  readonly staged: ReadonlyMap<string, string>;
  /** By partition, in their order. */
  readonly flips: ReadonlyMap<string, readonly Flip[]>;
  readonly pruned: ReadonlyMap<string, readonly Superseded[]>;
  /** Landings that the catalog shows though no run has read that back: their runs ended in between. Counted as flips of now. */
  readonly unrecorded: readonly { readonly runKey: string; readonly partition: string }[];
};

export async function readHistory(
  reader: Reader,
  target: Cluster,
  markers: readonly RunMarker[],
  registrations: Registrations,
): Promise<TableHistory> {
  const staged = new Map<string, string>();
  const flips = new Map<string, Flip[]>();
  const pruned = new Map<string, Superseded[]>();
  const unrecorded: { runKey: string; partition: string }[] = [];
  const now = reader.now().toISOString();
  for (const { runKey } of markers) {
    reader.heartbeat();
    const { ledger } = controlFolder(target.controlRoot, runKey);
    const retainMs = (await readFootprint(target, runKey, reader.signal))?.spec.retainMs ?? 0;
    for (const story of foldLedger(await readLedger(target.files, ledger, reader.signal)).values()) {
      for (const { stagedId, digest } of story.publishing) staged.set(stagedId, digest);
      const { partition, landed } = story;
      const isUnrecorded = landed && !story.registered && registrations.pathOf(partition) === landed.to;
      if (isUnrecorded) unrecorded.push({ runKey, partition });
      if (landed && (story.registered || isUnrecorded)) {
        push(flips, partition, { at: story.registered?.at ?? now, retainMs, path: landed.to });
      }
      if (story.pruned) push(pruned, story.partition, { at: story.pruned.at, retainMs });
    }
  }
  for (const each of [...flips.values(), ...pruned.values()]) each.sort((a, b) => (a.at < b.at ? -1 : 1));
  return { staged, flips, pruned, unrecorded };
}

/**
 * What took the version of a partition at this folder out of use, for the last time: the first flip to another folder, or
 * prune, since the catalog last pointed to it. Where the catalog never did, its own landing, and it is kept for longer: a
 * statement of its run to the metastore that is still on its way cannot be fenced. undefined: nobody on record did.
 */
export function supersededBy(
  { flips, pruned }: Pick<TableHistory, 'flips' | 'pruned'>,
  partition: string,
  path: string,
  landed: Superseded,
): Superseded | undefined {
  const all = flips.get(partition) ?? [];
  const last = all.filter((flip) => flip.path === path).at(-1);
  const since = last?.at ?? landed.at;
  const after = [...all.filter((flip) => flip.path !== path), ...(pruned.get(partition) ?? [])]
    .filter(({ at }) => at > since)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  if (after[0] !== undefined || last !== undefined) return after[0];
  return { at: landed.at, retainMs: Math.max(landed.retainMs, LONGEST_ATTEMPT_MS) };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
