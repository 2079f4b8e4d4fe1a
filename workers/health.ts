import type { WorkerStatus } from '@temporalio/worker';

/** What a worker's health hangs on: its own state and that of the pollers it needs. */
export type WorkerAtWork = Pick<
  WorkerStatus,
  'runState' | 'workflowPollerState' | 'activityPollerState' | 'numInFlightActivities'
> & {
  readonly taskQueue: string;
  /** It takes workflow tasks too; else its workflow poller ends at once, as it should. */
  readonly workflows: boolean;
};

export type Health = {
  readonly status: 'starting' | 'running' | 'draining' | 'stopped' | 'failed';
  readonly workers: readonly {
    readonly taskQueue: string;
    readonly state: WorkerStatus['runState'];
    readonly activityPoller: WorkerStatus['activityPollerState'];
    readonly workflowPoller?: WorkerStatus['workflowPollerState'];
    readonly activities: number;
  }[];
};

type Status = Health['status'];

/** The worst first: the process is as healthy as the worst of its workers. */
const WORST_FIRST: readonly Status[] = ['failed', 'stopped', 'draining', 'starting', 'running'];

/**
 * The health of a process by its workers. A Temporal server that stays away makes none unhealthy: the pollers go on
 * asking, and a restart would not bring it back.
 */
export function healthOf(workers: readonly WorkerAtWork[]): Health {
  const each = workers.map(statusOf);
  return {
    status: WORST_FIRST.find((status) => each.includes(status)) ?? 'starting',
    workers: workers.map((worker) => ({
      taskQueue: worker.taskQueue,
      state: worker.runState,
      activityPoller: worker.activityPollerState,
      ...(worker.workflows ? { workflowPoller: worker.workflowPollerState } : {}),
      activities: worker.numInFlightActivities,
    })),
  };
}

function statusOf({ runState, workflows, workflowPollerState, activityPollerState }: WorkerAtWork): Status {
  if (runState === 'FAILED') return 'failed';
  if (runState === 'INITIALIZED') return 'starting';
  if (runState === 'STOPPED') return 'stopped';
  if (runState !== 'RUNNING') return 'draining';
  const pollers = [activityPollerState, ...(workflows ? [workflowPollerState] : [])];
  return pollers.every((state) => state === 'POLLING') ? 'running' : 'failed';
}
