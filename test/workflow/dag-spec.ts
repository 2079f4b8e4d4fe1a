import type { DagSpec, Json, TaskSpec } from '../../dag/spec.ts';

type Over = Partial<Omit<TaskSpec, 'taskId' | 'upstream'>>;

/** A task whose activity `work` does what its input says: {"do": ...}; left out: it succeeds. */
export function work(taskId: string, upstream: readonly string[] = [], input: Json = {}, over: Over = {}): TaskSpec {
  return taskOf(taskId, upstream, {
    action: { kind: 'activity', operator: 'activityTask', activity: 'work', input },
    ...over,
  });
}

export function sync(taskId: string, upstream: readonly string[] = [], over: Over = {}): TaskSpec {
  const input = { table: `sales.${taskId}`, source: 'a', target: 'b' };
  return taskOf(taskId, upstream, {
    action: { kind: 'workflow', operator: 'syncTable', workflow: 'syncTable', input },
    ...over,
  });
}

export function choose(taskId: string, upstream: readonly string[], input: Json, over: Over = {}): TaskSpec {
  const operator = typeof input === 'boolean' ? 'shortCircuit' : 'branch';
  return taskOf(taskId, upstream, { action: { kind: 'choose', operator, input }, ...over });
}

export function dagSpec(dagId: string, tasks: readonly TaskSpec[], over: Partial<DagSpec> = {}): DagSpec {
  return {
    schemaVersion: 1,
    dagId,
    schedule: '@daily',
    timezone: 'UTC',
    catchup: false,
    maxActiveRuns: 3,
    maxActiveTasks: 16,
    params: {},
    tags: [],
    onFailure: 'fail',
    tasks,
    ...over,
  };
}

function taskOf(taskId: string, upstream: readonly string[], over: Over & Pick<TaskSpec, 'action'>): TaskSpec {
  return {
    taskId,
    upstream,
    triggerRule: 'all_success',
    retries: 0,
    retryDelaySeconds: 300,
    retryBackoff: 1,
    maxRetryDelaySeconds: 3600,
    ...over,
  };
}
