import { Context } from '@temporalio/activity';
import { runUrl } from '../sync/run-url.ts';
import { resolveSpec, type SpecLimits } from '../sync/spec.ts';
import type { SyncActivities } from './activities.ts';
import { activity, type Shared } from './activity.ts';

/** What the configuration of the worker says about every run. */
export type RunSettings = {
  readonly limits: SpecLimits;
  readonly copyQueue?: string;
  /** The base URL of the Temporal UI. */
  readonly ui?: string;
};

/** Checks the input against this worker's configuration. What comes out is in history; nothing later reads configuration. */
export function resolveInput(shared: Shared, settings: RunSettings): SyncActivities['resolveInput'] {
  const { limits, copyQueue, ui } = settings;
  return activity('resolveInput', shared, async (_engine, { input, run }) => {
    const { runKey, workflowId, runId, taskQueue } = run;
    const { namespace } = Context.current().info;
    return resolveSpec(input, {
      ...limits,
      identity: { runKey, workflowId, runId },
      ...(copyQueue === undefined || copyQueue === taskQueue ? {} : { copyQueue }),
      ...(ui === undefined ? {} : { uiUrl: runUrl(ui, namespace, workflowId, runId) }),
    });
  });
}
