import { intervalsOf } from '../../dag/decide-interval.ts';
import type { BackfillDagInput } from '../../dag/run.ts';
import { checkBackfillInput } from '../../dag/run-input-schema.ts';
import type { DagSpec } from '../../dag/spec.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import { shown } from '../../sync/problems.ts';
import { backfillId } from '../../workflows/dag-messages.ts';
import { backfillPlan, backfillPlanReport } from '../dag/backfill-plan.ts';
import { BACKFILL } from '../dag/backfill-report.ts';
import { type DagInput, dagInput } from '../dag/dag-input.ts';
import { knownRuns, runsInTemporal } from '../dag/known-runs.ts';
import { localDag } from '../dag/local-dag.ts';
import { type ParamsFlags, paramsOfFlags } from '../dag/params-flags.ts';
import { withRunSources } from '../dag/run-sources.ts';
import { doWork, layoutOf, type TellingFlags } from '../dag/tell-work.ts';
import { EXIT } from '../exit-code.ts';
import type { ConfigFlags } from '../flags.ts';
import { type Io, writeJson } from '../io.ts';
import { withTemporal } from '../with-temporal.ts';

export type DagBackfillFlags = ConfigFlags &
  ParamsFlags &
  TellingFlags & {
    readonly from: string;
    readonly to: string;
    readonly maxActive?: string;
    readonly rerun?: string;
    readonly reverse?: boolean;
    readonly dryRun?: boolean;
  };

/**
 * `ferry dag backfill <dag> --from --to`: runs every interval of a range that has not run, through the same gate and under
 * the same ids as the DAG's schedule. A workflow drives it, which goes on without this command. `--dry-run` starts nothing.
 */
export function dagBackfill(dagId: string, flags: DagBackfillFlags, io: Io): Promise<number> {
  return withTemporal(flags, io, async (connected) => {
    const spec = await localDag(connected.config, dagId);
    const input = await inputOf(dagInput(connected.config, spec), spec, flags);
    // What is wrong with the range is told at once, and not by a workflow.
    const intervals = intervalsOf(spec, input.from, input.to);
    const { from, to } = input;
    if (intervals.length === 0)
      throw new FerryError('SPEC_INVALID', `No interval of ${dagId} starts in ${from} to ${to}, within its own dates.`);
    if (flags.dryRun !== true) {
      const { taskQueue } = connected.config.temporal;
      const [workflowId, summary] = [backfillId(dagId, from, to), `${dagId}, ${from} to ${to}`];
      return doWork({ type: 'backfillDag', workflowId, taskQueue, input, summary }, BACKFILL, flags, connected);
    }
    const ordered = input.reverse === true ? intervals.toReversed() : intervals;
    const known = await withRunSources(connected, async (sources) =>
      knownRuns(dagId, ordered, await runsInTemporal(sources.temporal, dagId), sources),
    );
    const plan = backfillPlan(spec, input, known);
    if (flags.json) writeJson(io, plan);
    else io.out.stream.write(`${backfillPlanReport(plan, layoutOf(io))}\n`);
    return EXIT.all;
  });
}

async function inputOf(dag: DagInput, spec: DagSpec, flags: DagBackfillFlags): Promise<BackfillDagInput> {
  const { from, to, maxActive, rerun, reverse } = flags;
  const params = await paramsOfFlags(spec, flags);
  return checkBackfillInput({
    ...dag,
    from,
    to,
    ...(params === undefined ? {} : { params }),
    ...(maxActive === undefined ? {} : { maxActive: countOf(maxActive) }),
    ...(rerun === undefined ? {} : { rerun }),
    ...(reverse === true ? { reverse } : {}),
  }) as BackfillDagInput;
}

function countOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new FerryError('SPEC_INVALID', `--max-active: ${shown(text)} is not a number`);
}
