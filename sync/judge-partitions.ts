import {
  type Compared,
  comparePartition,
  type Finding,
  isDoubtful,
  isToDescribe,
  isUnrecordedLanding,
  whyDiverged,
} from './compare.ts';
import { compareContent } from './compare-content.ts';
import { concurrently } from './concurrently.ts';
import { readLandings } from './landings.ts';
import { listContents, listFolder } from './listing.ts';
import type { Candidate, Sides } from './pair-partitions.ts';
import type { PlannedPartition } from './plan.ts';
import { recordOf, sourceIdentities } from './records.ts';
import { partitionKey } from './run-folder.ts';
import { differingAttributes } from './source-attributes.ts';

/** Namenode calls under way at once while both sides are listed. */
const LISTINGS_AT_ONCE = 32;

/** Lists every pair on both sides and decides about it (compare.ts), in the order of the candidates. */
export async function judgePartitions(
  sides: Sides,
  candidates: readonly Candidate[],
): Promise<readonly PlannedPartition[]> {
  const { reader, spec, source, target } = sides;
  const sources = sourceIdentities(source, spec.source);
  const compared = await concurrently(candidates, LISTINGS_AT_ONCE, async (candidate) => {
    reader.heartbeat();
    const [from, live] = await Promise.all([
      listContents(source.files, candidate.from, reader.signal),
      listFolder(target.files, candidate.live, reader.signal),
    ]);
    const content = spec.compare === 'content' ? await compareContent(sides, candidate, from, live) : 'unknown';
    return { candidate, from, live, content };
  });
  const judge = (one: (typeof compared)[number], landed: ReadonlySet<string>): Compared => ({
    source: one.from,
    live: one.live,
    registered: one.candidate.registeredAt !== undefined,
    ...(one.candidate.described && { described: one.candidate.described }),
    record: recordOf(one.candidate.parameters),
    sources,
    landed,
    overwrite: spec.overwrite,
    content: one.content,
    // Without a least age no clock is asked: the clusters' may differ from this machine's.
    newest: spec.minAgeMs === 0 ? Number.POSITIVE_INFINITY : reader.now().getTime() - spec.minAgeMs,
  });
  // Kept ledgers are read only where the catalog's record does not settle it: a run may have ended between landing and refresh.
  const nobody: ReadonlySet<string> = new Set();
  const doubtful = compared.some((one) => isDoubtful(judge(one, nobody)));
  const landings = doubtful
    ? await readLandings(reader, target, spec, sources)
    : new Map<string, ReadonlySet<string>>();
  const judged = compared.map((one) =>
    plannedOf(one.candidate, judge(one, landings.get(one.candidate.name) ?? nobody)),
  );
  if (spec.attributes !== 'source') return judged;
  return concurrently(judged, LISTINGS_AT_ONCE, (planned) => withAttributes(sides, planned));
}

/** Of what stands as it should, how many files and folders have other attributes; what is copied gets the source's anyway. */
async function withAttributes({ reader, source, target }: Sides, planned: PlannedPartition): Promise<PlannedPartition> {
  if (!IN_PLACE.includes(planned.finding)) return planned;
  const differing = await differingAttributes(reader, { source, target }, planned.from, planned.live);
  return differing.length === 0 ? planned : { ...planned, attributesDiffer: differing.length };
}

const IN_PLACE: readonly Finding[] = ['unchanged', 'register', 'adopt'];

function plannedOf(candidate: Candidate, compared: Compared): PlannedPartition {
  const { parameters: _, described: __, ...rest } = candidate;
  const { source, live } = compared;
  const finding = comparePartition(compared);
  return {
    ...rest,
    k: partitionKey(candidate.name),
    finding,
    ...(finding === 'diverged' && { reason: whyDiverged(compared) }),
    ...(finding === 'register' && isUnrecordedLanding(compared) && { ours: true }),
    ...(finding === 'register' && isToDescribe(compared) && { describe: true }),
    ...(finding === 'changed' && compared.content === 'different' && { contentDiffers: true }),
    files: source?.files.length ?? 0,
    bytes: source?.bytes ?? 0,
    sourceDigest: source?.digest ?? '',
    ...(live && { planned: { folderId: live.folderId, digest: live.digest } }),
  };
}
