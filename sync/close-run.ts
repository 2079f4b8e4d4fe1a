import { CODES } from '../errors/codes.ts';
import type { Cluster } from './cluster.ts';
import { readRecords, replaceControlFile, writeControlFile } from './control-file.ts';
import type { Engine } from './engine.ts';
import { closeFolders } from './finish-run.ts';
import { foldLedger, readLedger } from './ledger.ts';
import { outcomeFailures, outcomeOf, type RunFacts } from './make-outcome.ts';
import type { Ending, Outcome, PartitionFailure, PlanRef, ResolvedSpec } from './outcome.ts';
import type { PlannedPartition } from './plan.ts';
import { readPlanFile } from './plan-nodes.ts';
import { controlFolder, tableFolder } from './run-folder.ts';
import { removeSnapshots } from './snapshots.ts';

/**
 * The last act of a run: fences its run key under every stage root, so that no sleeping attempt finds a way back, puts
 * back what was moved aside and never replaced, deletes the staging, and tells the outcome, which stays on the target
 * as outcome.json. Safe to repeat. `plan` is undefined when planning failed: then there is nothing to fence.
 */
export async function closeRun(
  engine: Engine,
  spec: ResolvedSpec,
  plan: PlanRef | undefined,
  ending: Ending,
): Promise<Outcome> {
  const target = engine.open(spec.target.cluster);
  const snapshotsKept = spec.consistency === 'snapshot' ? await endSnapshots(engine, spec, target) : [];
  if (plan === undefined) {
    const facts: RunFacts = { partitions: [], stories: new Map(), endedAt: engine.now(), snapshotsKept };
    return outcomeOf(spec, facts, ending);
  }
  const { signal } = engine;
  const control = controlFolder(target.controlRoot, spec.runKey);
  const file = await readPlanFile(target, plan.file, signal);
  const stories = foldLedger(await readLedger(target.files, control.ledger, signal));
  const { runKey } = spec;
  await closeFolders(engine, target, spec.target, { runKey, stageRoots: file.stageRoots }, stories);
  const partitions = await readRecords<PlannedPartition>(target.files, file.partitionsFile, signal);
  const facts: RunFacts = {
    plan: plan.file,
    ledger: control.ledger,
    partitions,
    stories,
    endedAt: engine.now(),
    snapshotsKept,
  };
  const outcome = outcomeOf(spec, facts, ending, control.failures);
  await leaveOutcome(engine, spec, target, outcome, outcomeFailures(facts, ending));
  return outcome;
}

/** What a retry may mend is thrown; a snapshot that stays for another reason is told, with the reason. */
async function endSnapshots(engine: Engine, { runKey }: ResolvedSpec, target: Cluster): Promise<readonly string[]> {
  const kept = await removeSnapshots(engine, target, runKey);
  const passing = kept.find(({ failure }) => CODES[failure.code].retry === 'retry');
  if (passing !== undefined) throw passing.failure;
  return kept.map(({ path, failure }) => `${path}: ${failure.code}: ${failure.message}`);
}

async function leaveOutcome(
  engine: Engine,
  spec: ResolvedSpec,
  target: Cluster,
  outcome: Outcome,
  failures: readonly PartitionFailure[],
): Promise<void> {
  const writing = { signal: engine.signal, uuid: () => engine.uuid() };
  const control = controlFolder(target.controlRoot, spec.runKey);
  const bytes = Buffer.from(`${JSON.stringify(outcome, null, 1)}\n`);
  if (outcome.failuresPath !== undefined) {
    const lines = failures.map((failure) => `${JSON.stringify(failure)}\n`);
    await writeControlFile(target.files, control.failures, Buffer.from(lines.join('')), writing);
  }
  await writeControlFile(target.files, control.outcome, bytes, writing);
  const { root, last } = tableFolder(target.controlRoot, spec.target.database, spec.target.table);
  await target.files.mkdirs(root, { signal: engine.signal });
  await replaceControlFile(target.files, last, bytes, writing);
}
