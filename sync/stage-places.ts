import { FerryError } from '../errors/ferry-error.ts';
import type { Cluster } from './cluster.ts';
import { concurrently } from './concurrently.ts';
import type { Reader } from './engine.ts';
import { isRefusal } from './is-refusal.ts';
import { nearestStanding } from './nearest-standing.ts';
import { mustStage, type Plan, type PlannedPartition } from './plan.ts';
import { parentOf } from './run-folder.ts';

const LOOKS_AT_ONCE = 32;

/** A folder that a partition lands in or takes the place of, beside the folder that its staging lies in. */
type Place = { readonly home: string; readonly folder: string; readonly landsThere: boolean };

/**
 * Refuses (STAGE_APART) what could not land by a rename, or would land as something else than was staged: a folder
 * between a stage root and a landing, or the folder that is replaced, in another encryption zone or with a quota of its
 * own. Of two zones one inside the other the namenode tells no difference over HTTP.
 */
export async function assertStagePlaces(reader: Reader, plan: Pick<Plan, 'spec' | 'partitions'>): Promise<void> {
  const target = reader.open(plan.spec.target.cluster);
  const places = placesOf(plan.partitions);
  const homes = [...new Set(places.map(({ home }) => home))];
  const encrypted = new Map(
    await concurrently(homes, LOOKS_AT_ONCE, async (home): Promise<[string, boolean]> => {
      return [home, (await nearestStanding(reader, target, home)).status.encrypted];
    }),
  );
  await concurrently(places, LOOKS_AT_ONCE, async (place) => {
    reader.heartbeat();
    await assertPlace(reader, target, place, encrypted.get(place.home) === true);
  });
}

async function assertPlace(reader: Reader, target: Cluster, place: Place, encrypted: boolean): Promise<void> {
  const { home, folder, landsThere } = place;
  const status = await target.files.status(folder, { signal: reader.signal });
  if (status === undefined) return;
  if (status.encrypted !== encrypted) {
    const [inside, outside] = encrypted ? [home, folder] : [folder, home];
    throw new FerryError(
      'STAGE_APART',
      `${target.name}:${inside} lies in an encryption zone and ${outside} does not: what is staged in ${home} could not take the place of ${folder}`,
    );
  }
  if (landsThere && (await hasQuota(reader, target, folder))) {
    throw new FerryError(
      'STAGE_APART',
      `${target.name}:${folder} has a quota of its own: what is staged in ${home} would not be counted against it`,
    );
  }
}

async function hasQuota(reader: Reader, target: Cluster, folder: string): Promise<boolean> {
  try {
    const usage = await target.files.quotaUsage(folder, { signal: reader.signal });
    return usage?.nameQuota !== undefined || usage?.spaceQuota !== undefined;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** Each folder once. A relocated version lands in a folder of the run's own, so that only what it replaces is looked at. */
function placesOf(partitions: readonly PlannedPartition[]): readonly Place[] {
  const places = new Map<string, Place>();
  for (const { to, live, stageRoot, planned } of partitions.filter(mustStage)) {
    const home = parentOf(stageRoot);
    for (const folder of foldersBetween(home, to)) places.set(folder, { home, folder, landsThere: true });
    if (planned !== undefined) places.set(live, { home, folder: live, landsThere: live === to });
  }
  return [...places.values()];
}

/** The folders below `home` on the way to `to`, which need not be there yet; none when `to` lies elsewhere. */
function foldersBetween(home: string, to: string): readonly string[] {
  const above = parentOf(to);
  return above.startsWith(`${home}/`) ? [...foldersBetween(home, above), above] : [];
}
