import { rememberRun } from '../dag/run-memory.ts';
import { activity, type Shared } from './activity.ts';
import type { DagActivities } from './dag-activities.ts';

/** Writes a run into the run memory of its home. */
export function recordDagRun(shared: Shared): DagActivities['recordDagRun'] {
  return activity('recordDagRun', shared, async ({ open, signal, uuid }, { home, runKey, record }) =>
    home === undefined ? {} : { path: await rememberRun(open(home), runKey, record, { signal, uuid }) },
  );
}
