import { Context } from '@temporalio/activity';
import { decideInterval } from '../dag/decide-interval.ts';
import { runParams } from '../dag/params.ts';
import type { ResolvedDagRun } from '../dag/run.ts';
import { checkRunInput } from '../dag/run-input-schema.ts';
import { runUrl } from '../sync/run-url.ts';
import { activity, type Shared } from './activity.ts';
import type { DagActivities } from './dag-activities.ts';
import { type DagSettings, dagOf } from './dag-settings.ts';
import type { RunSettings } from './resolve-input.ts';

/** Decides all that a run goes by. What comes out is in history; nothing later reads configuration or a DAG file. */
export function resolveDagRun(
  shared: Shared,
  { ui }: RunSettings,
  settings: DagSettings,
): DagActivities['resolveDagRun'] {
  return activity('resolveDagRun', shared, async (_engine, { input: raw, run }): Promise<ResolvedDagRun> => {
    const input = checkRunInput(raw);
    const spec = await dagOf(input, settings);
    const { workflowId, runId, runKey, startedAt, scheduledFor } = run;
    const { interval, onSchedule } = decideInterval(spec, {
      startedAt,
      ...(input.interval === undefined ? {} : { given: input.interval }),
      ...(scheduledFor === undefined ? {} : { scheduledFor }),
    });
    const { namespace } = Context.current().info;
    return {
      schemaVersion: 1,
      workflowId,
      runKey,
      runId,
      ...(ui === undefined ? {} : { uiUrl: runUrl(ui, namespace, workflowId, runId) }),
      spec,
      context: {
        dagId: spec.dagId,
        runId: workflowId,
        runType: input.runType ?? (onSchedule ? 'scheduled' : 'manual'),
        interval,
        timezone: spec.timezone,
        params: runParams(spec, input.params ?? {}),
      },
      rerun: input.rerun ?? false,
      ...(settings.home === undefined ? {} : { home: settings.home }),
    };
  });
}
