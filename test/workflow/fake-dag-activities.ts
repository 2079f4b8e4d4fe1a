import { Context } from '@temporalio/activity';
import { type Client, WithStartWorkflowOperation, type Workflow } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { DagActivities, RenderedTask } from '../../activities/dag-activities.ts';
import { toFailure } from '../../activities/to-failure.ts';
import type { IntervalDates } from '../../dag/decide-interval.ts';
import type { Claim, ClaimAnswer } from '../../dag/gate.ts';
import type { BackfillDagInput, DagRunRecord, RunDagInput } from '../../dag/run.ts';
import { checkBackfillInput } from '../../dag/run-input-schema.ts';
import { type KnownRun, runThatCounts } from '../../dag/run-memory.ts';
import type { DagSpec, DataInterval, Json } from '../../dag/spec.ts';
import { FerryError } from '../../errors/ferry-error.ts';

/** What `work` did: 'orders' of the run 'dag/x', with its rendered input. */
export type Worked = { readonly workflowId: string; readonly activityId: string; readonly input: WorkInput };

export type WorkInput = {
  /** give: the XCom. */
  readonly give?: Json;
  readonly do?: 'fail' | 'hold';
  readonly xcom?: Json;
  readonly item?: Json;
};

const DAY = 86_400_000;

/**
 * The activities of DAG runs over a memory of one process, and an activity `work` that does what a test says. The gate and
 * the runs' states are the server's own. Failures go through the real to-failure.
 */
export class FakeDagWorld {
  readonly worked: Worked[] = [];
  readonly told: Json[] = [];
  /** Activity ids of `work` that fail, besides those whose input says so; and those that go on until they are taken out. */
  readonly failing = new Set<string>();
  readonly held = new Set<string>();
  readonly records: DagRunRecord[] = [];
  readonly specs = new Map<string, DagSpec>();
  /** The dates that each page of intervals was asked for by. */
  readonly listed: (IntervalDates | undefined)[] = [];
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  activities(): DagActivities & Record<'work' | 'hook', (input: never) => Promise<unknown>> {
    return {
      resolveDagRun: step(async ({ input, run }) => {
        const {
          dag,
          spec = this.specs.get(dag ?? ''),
          interval = run.startedAt,
          rerun = false,
          runType,
        } = (input ?? {}) as RunDagInput;
        if (spec === undefined) throw new FerryError('SPEC_INVALID', `dag: there is no DAG ${JSON.stringify(dag)}`);
        const { workflowId, runId, runKey } = run;
        const context = {
          dagId: spec.dagId,
          runId: workflowId,
          runType: runType ?? 'manual',
          interval: typeof interval === 'string' ? dayFrom(interval) : interval,
          timezone: spec.timezone,
          params: spec.params,
        };
        return { schemaVersion: 1, workflowId, runId, runKey, spec, context, rerun, home: 'b' };
      }),
      lookUpDagRun: step(async ({ dagId, intervalStart }) => {
        const known = this.known(dagId, intervalStart);
        return known === undefined ? {} : { known };
      }),
      claimDagRun: step(async ({ gate, claim }) => {
        const startWorkflowOperation = new WithStartWorkflowOperation<Workflow>(gate.workflow, {
          workflowId: gate.workflowId,
          taskQueue: Context.current().info.taskQueue,
          args: [gate.start],
          workflowIdConflictPolicy: 'USE_EXISTING',
        });
        return await this.#client.workflow.executeUpdateWithStart<Workflow, ClaimAnswer, [Claim]>(gate.update, {
          startWorkflowOperation,
          args: [claim],
        });
      }),
      recordDagRun: step(async ({ record }) => {
        this.records.push(record);
        return { path: `/runs/${record.outcome.runId}.json` };
      }),
      renderTask: step(async ({ action, xcom, item }): Promise<RenderedTask> => {
        const { input } = action;
        if (action.kind === 'choose') {
          return typeof input === 'boolean'
            ? { kind: 'short-circuit', go: input }
            : { kind: 'branch', chosen: input as string[] };
        }
        if (action.kind === 'workflow') return { kind: 'input', input };
        const seen = { ...(Object.keys(xcom).length === 0 ? {} : { xcom }), ...(item === undefined ? {} : { item }) };
        return { kind: 'input', input: { ...(input as WorkInput), ...seen } };
      }),
      closedRuns: step(async ({ runs }) => {
        const open = await Promise.all(
          runs.map(async ({ workflowId }) => {
            const { status } = await this.#client.workflow.getHandle(workflowId).describe();
            return status.name === 'RUNNING';
          }),
        );
        return { closed: runs.filter((_, place) => !open[place]) };
      }),
      listIntervals: step(async ({ backfill, after, dates }) => {
        checkBackfillInput(backfill);
        this.listed.push(dates);
        const dagId = backfill.spec?.dagId ?? backfill.dag ?? '';
        const all = intervalsOf(backfill);
        const from = after === undefined ? 0 : all.findIndex(({ start }) => start === after) + 1;
        const page = all.slice(from, from + 4);
        const intervals = page.map((interval) => {
          const known = this.known(dagId, interval.start);
          return { interval, ...(known === undefined ? {} : { known }) };
        });
        const more = from + page.length < all.length;
        return { dagId, dates: dates ?? { dagId, timezone: 'UTC' }, intervals, total: all.length, more };
      }),
      work: step(async (input: WorkInput) => {
        const { activityId, workflowExecution } = Context.current().info;
        this.worked.push({ workflowId: workflowExecution?.workflowId ?? '', activityId, input });
        while (input.do === 'hold' || this.held.has(activityId)) await aMoment();
        if (input.do === 'fail' || this.failing.has(activityId))
          throw ApplicationFailure.create({ type: 'NoLuck', message: `${activityId} has no luck` });
        return input.give;
      }),
      hook: step(async (input: Json) => {
        this.told.push(input);
      }),
    };
  }

  known(dagId: string, intervalStart: string): KnownRun | undefined {
    const outcomes = this.records.map(({ outcome }) => outcome);
    return runThatCounts(outcomes.filter((each) => each.dagId === dagId && each.interval.start === intervalStart));
  }

  /** The activity ids of a run's work, in order; those that ran side by side are sorted. */
  workOf(workflowId: string): readonly string[] {
    return this.worked.filter((each) => each.workflowId === workflowId).map(({ activityId }) => activityId);
  }
}

function step<Input, Output>(answer: (input: Input) => Promise<Output>): (input: Input) => Promise<Output> {
  return async (input) => {
    try {
      return await answer(input);
    } catch (error) {
      throw toFailure(error, Context.current().cancellationSignal);
    }
  };
}

async function aMoment(): Promise<void> {
  const context = Context.current();
  context.heartbeat();
  await context.sleep(20);
}

/** [start, start + 1 day) */
export function dayFrom(start: string): DataInterval {
  const text = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');
  const time = Math.floor(Date.parse(start) / DAY) * DAY;
  return { start: text(time), end: text(time + DAY) };
}

function intervalsOf({ from, to, reverse = false }: BackfillDagInput): readonly DataInterval[] {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY) + 1;
  const all = Array.from({ length: days }, (_, day) => dayFrom(new Date(Date.parse(from) + day * DAY).toISOString()));
  return reverse ? all.reverse() : all;
}
