import { childrenOf } from './children-of.ts';
import { mergeFolder } from './claim.ts';
import type { Engine } from './engine.ts';
import { closeFolders, finishRun, readFootprint, sortRuns } from './finish-run.ts';
import { foldLedger, readLedger } from './ledger.ts';
import type { AttemptContext, NodeContext } from './node-context.ts';
import type { ResolvedSpec } from './outcome.ts';
import type { PlanFile, RunFootprint } from './plan.ts';
import { sourceIdentities } from './records.ts';
import { type AttemptFolder, controlFolder, isClosedFolderOf, keptFolder, takenFolder } from './run-folder.ts';
import type { RunMarker } from './table-runs.ts';

/**
 * Whether a run may have what a closed one had verified: copied from the same source, and verified no less than it would
 * do itself. A run that trusts no modification times takes nothing over, since they are what tells a file's version.
 */
export function mayTakeOver(
  { compare, verify }: Pick<ResolvedSpec, 'compare' | 'verify'>,
  sources: readonly string[],
  { source }: Pick<RunMarker, 'source'>,
  closed: Pick<RunFootprint, 'spec'>,
): boolean {
  if (compare === 'content' || !sources.includes(source)) return false;
  return closed.spec.verify === verify || (closed.spec.verify !== undefined && verify === 'length');
}

/**
 * Closes every run of the table that ended without doing it, so that no partition stays aside. Of those whose verified
 * files this run may take over, these are kept until it does (takeOver), and the runs are told.
 */
export async function closeAbandoned(engine: Engine, spec: ResolvedSpec): Promise<readonly RunMarker[]> {
  const target = engine.open(spec.target.cluster);
  const sources = sourceIdentities(engine.open(spec.source.cluster), spec.source);
  const { signal } = engine;
  const takesOver: RunMarker[] = [];
  for (const marker of (await sortRuns(engine, target, spec.target)).abandoned) {
    const { runKey } = marker;
    const footprint = await readFootprint(target, runKey, signal);
    if (footprint === undefined || !mayTakeOver(spec, sources, marker, footprint)) {
      await finishRun(engine, target, spec.target, marker);
      continue;
    }
    const { ledger } = controlFolder(target.controlRoot, runKey);
    const stories = foldLedger(await readLedger(target.files, ledger, signal));
    const { stageRoots } = footprint;
    await closeFolders(engine, target, spec.target, { runKey, stageRoots, keepVerified: true }, stories);
    takesOver.push(marker);
  }
  return takesOver;
}

/**
 * Brings what closed runs had verified into this run's own folders, where its nodes find it, and puts an end to the
 * closing of those runs. Only now, since until the run's plan lies on the target nobody would clean up after it.
 */
export async function takeOver(engine: Engine, spec: ResolvedSpec, plan: PlanFile): Promise<void> {
  const target = engine.open(spec.target.cluster);
  const { files } = target;
  const { signal } = engine;
  for (const marker of plan.takesOver) {
    for (const stageRoot of plan.stageRoots) {
      const taken = takenFolder(`${stageRoot}/${spec.runKey}`);
      for (const { name } of (await childrenOf(files, stageRoot, signal)) ?? []) {
        if (!isClosedFolderOf(marker.runKey, name)) continue;
        await files.mkdirs(taken, { signal });
        await files.rename(keptFolder(`${stageRoot}/${name}`), `${taken}/${name}`, { signal });
      }
    }
    await finishRun(engine, target, spec.target, marker);
  }
}

/** The folders of what this run has taken over below a stage root. */
export async function takenFrom({ target, engine }: NodeContext, { run }: AttemptFolder): Promise<readonly string[]> {
  const folder = takenFolder(run);
  const runs = (await childrenOf(target.files, folder, engine.signal)) ?? [];
  return runs.map(({ name }) => `${folder}/${name}`);
}

/** Moves what was taken over for one place of the attempt's folder ('stage/<k>', 'chunks/<file>') there. */
export async function takeInto({ target, engine, taken }: AttemptContext, what: string, to: string): Promise<void> {
  for (const folder of taken) await mergeFolder(target.files, `${folder}/${what}`, to, engine.signal);
}
