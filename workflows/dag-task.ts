import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  isCancellation,
  ParentClosePolicy,
  patched,
  proxyActivities,
  sleep,
  startChild,
} from '@temporalio/workflow';
import type { DagActivities } from '../activities/dag-activities.ts';
import { instanceName } from '../dag/grid.ts';
import type { TaskFailure } from '../dag/run.ts';
import { branchSkips, downstreamOf, type Place, type SchedulerEvent, shortCircuitSkips } from '../dag/scheduler.ts';
import type { Json, TaskSpec } from '../dag/spec.ts';
import { syncXcom } from '../dag/sync-xcom.ts';
import { READ_DAG, retryDelayMs, tryOptions } from './dag-activity-options.ts';
import { type AskedSteps, STEPS_MEMO } from './dag-messages.ts';
import type { DagRunState } from './dag-run-state.ts';
import { MAX_XCOM_BYTES, tooMuchHanded, utf8Bytes, XCOM_LIMITS } from './dag-xcoms.ts';
import { taskFailure } from './fail.ts';
import type { syncTable } from './sync-table.ts';

const { renderTask } = proxyActivities<DagActivities>(READ_DAG);

/** What a task gives in the end: its XCom, and what it skips. */
type Done = { readonly xcom?: Json; readonly skips?: readonly string[] };

/** A failure that the workflow itself has found. */
class TaskFailed extends Error {
  readonly failure: TaskFailure;
  constructor(code: string, message: string) {
    super(message);
    this.failure = { code, message };
  }
}

/**
 * Runs one instance of a task to its end, in the scope it is called in: renders its templates once, then tries its action
 * as often as the task says. Gives the event that the scheduler is to hear; `changed` is called when what the state tells
 * of the instance has changed.
 */
export async function performTask(state: DagRunState, place: Place, changed: () => void): Promise<SchedulerEvent> {
  const told = (what: Parameters<DagRunState['note']>[1]) => {
    state.note(place, what);
    changed();
  };
  told({ startedAt: now() });
  let event: SchedulerEvent;
  try {
    const { xcom, skips } = await work(state, place, told);
    if (xcom !== undefined) state.keepXcom(place, xcom);
    event = {
      kind: 'succeeded',
      ...place,
      ...(Array.isArray(xcom) ? { items: xcom.length } : {}),
      ...(skips === undefined ? {} : { skips }),
    };
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) {
      event = { kind: 'stopped', ...place };
    } else {
      state.note(place, { failure: failureOf(error) });
      event = { kind: 'failed', ...place };
    }
  }
  state.note(place, { endedAt: now() });
  return event;
}

type Tell = (what: Parameters<DagRunState['note']>[1]) => void;

async function work(state: DagRunState, place: Place, told: Tell): Promise<Done> {
  const { spec, context } = state.run;
  const task = state.taskOf(place.taskId);
  const tooMuch = tooMuchHanded(state.xcomSizesFor(task));
  if (tooMuch !== undefined && patched(XCOM_LIMITS)) throw new TaskFailed('SPEC_INVALID', tooMuch);
  const item = state.itemOf(place);
  const rendered = await renderTask.executeWithOptions(
    { activityId: `${idOf(place)}/render`, summary: `render ${instanceName(place)}` },
    [
      {
        context,
        taskId: task.taskId,
        action: task.action,
        xcom: state.xcomsFor(task),
        ...(item === undefined ? {} : { item }),
        ...(place.mapIndex === undefined ? {} : { mapIndex: place.mapIndex }),
      },
    ],
  );
  switch (rendered.kind) {
    case 'branch': {
      const below = downstreamOf(spec, task.taskId);
      const strange = rendered.chosen.filter((taskId) => !below.includes(taskId));
      if (strange.length > 0)
        throw new TaskFailed(
          'SPEC_INVALID',
          `it chose ${strange.join(', ')}; directly below it are ${below.join(', ')}`,
        );
      told({ tries: 1 });
      return { xcom: rendered.chosen, skips: branchSkips(spec, task.taskId, rendered.chosen) };
    }
    case 'short-circuit':
      told({ tries: 1 });
      return { xcom: rendered.go, ...(rendered.go ? {} : { skips: shortCircuitSkips(spec, task.taskId) }) };
    case 'input':
      return { xcom: await tries(state, place, task, rendered.input, told) };
  }
}

/** Tries an action until it succeeds, is cancelled, or has failed as often as the task allows. */
async function tries(state: DagRunState, place: Place, task: TaskSpec, input: Json, told: Tell): Promise<Json> {
  for (let attempt = 1; ; attempt += 1) {
    told({ tries: attempt });
    try {
      return asXcom(await act(state, place, task, input, attempt, told));
    } catch (error) {
      if (CancellationScope.current().consideredCancelled || attempt > task.retries) throw error;
      const delay = retryDelayMs(task, attempt);
      told({ failure: failureOf(error), nextTryAt: new Date(Date.now() + delay).toISOString() });
      await sleep(delay, { summary: `before try ${attempt + 1} of ${instanceName(place)}` });
      state.note(place, { failure: undefined, nextTryAt: undefined });
    }
  }
}

async function act(
  state: DagRunState,
  place: Place,
  task: TaskSpec,
  input: Json,
  attempt: number,
  told: Tell,
): Promise<unknown> {
  const { action } = task;
  if (action.kind === 'workflow') {
    const child = `${state.run.workflowId}/${idOf(place)}`;
    return await within(task.executionTimeoutSeconds, () => sync(child, place, input, told));
  }
  if (action.kind === 'choose') throw new TypeError(`${action.operator} has been rendered as an input`);
  const call = proxyActivities<Record<string, (given: Json) => Promise<unknown>>>(tryOptions(task))[action.activity];
  if (call === undefined) throw new TypeError('a proxy gives a function for every name');
  const again = attempt === 1 ? '' : `/try-${attempt}`;
  const summary = `${action.operator} ${instanceName(place)}${attempt === 1 ? '' : ` · try ${attempt}`}`;
  return await call.executeWithOptions({ activityId: `${idOf(place)}${again}`, summary }, [input]);
}

/** A child that is asked to end when its parent does; a cancelled one is waited for, as it registers what it has published. */
async function sync(workflowId: string, place: Place, input: Json, told: Tell): Promise<Json> {
  const asked: AskedSteps = place;
  const child = await startChild<typeof syncTable>('syncTable', {
    workflowId,
    args: [input],
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    memo: { [STEPS_MEMO]: asked },
    staticSummary: `syncTable ${instanceName(place)}`,
  });
  told({ child: { workflowId, runId: child.firstExecutionRunId } });
  return syncXcom(await child.result());
}

/** Cancels what takes longer, and fails when it has ended. */
async function within<T>(seconds: number | undefined, act: () => Promise<T>): Promise<T> {
  if (seconds === undefined) return await act();
  const scope = new CancellationScope();
  const timer = new CancellationScope();
  let late = false;
  const limit = timer
    .run(() => sleep(seconds * 1000, { summary: 'execution timeout' }))
    .then(
      () => {
        late = true;
        scope.cancel();
      },
      () => undefined,
    );
  try {
    return await scope.run(act);
  } catch (error) {
    if (late && isCancellation(error))
      throw new TaskFailed('DEADLINE', `it took longer than its execution timeout of ${seconds} s`);
    throw error;
  } finally {
    timer.cancel();
    await limit;
  }
}

function asXcom(result: unknown): Json {
  const text = JSON.stringify(result ?? null);
  const bytes = utf8Bytes(text);
  if (text.length > MAX_XCOM_BYTES || (bytes > MAX_XCOM_BYTES && patched(XCOM_LIMITS)))
    throw new TaskFailed('SPEC_INVALID', `its result is ${bytes} bytes of JSON; an XCom has at most ${MAX_XCOM_BYTES}`);
  return JSON.parse(text) as Json;
}

function failureOf(error: unknown): TaskFailure {
  if (error instanceof TaskFailed) return error.failure;
  if (error instanceof WorkflowExecutionAlreadyStartedError) {
    const message = `${error.workflowId} is still running; clear the task when it has ended`;
    return { code: 'ALREADY_RUNNING', message };
  }
  return taskFailure(error);
}

/** 'orders', 'orders/3' */
function idOf({ taskId, mapIndex }: Place): string {
  return mapIndex === undefined ? taskId : `${taskId}/${mapIndex}`;
}

function now(): string {
  return new Date().toISOString();
}
