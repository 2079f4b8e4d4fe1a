import { type WorkflowExecutionStatusName, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Claim } from '../../dag/gate.ts';
import { parseMoment } from '../../dag/moment.ts';
import type { DagRunOutcome, DagRunView } from '../../dag/run.ts';
import { type RunMemory, recordsOf, rememberedStarts } from '../../dag/run-memory.ts';
import type { DataInterval } from '../../dag/spec.ts';
import { concurrently } from '../../sync/concurrently.ts';
import { isOpenStatus } from '../../sync/runs.ts';
import { DAG_GATE, dagRunId, gateId, RUN_DAG } from '../../workflows/dag-messages.ts';
import { listRuns, statusOf } from '../list-runs.ts';
import { type TemporalClient, temporalError } from '../temporal-client.ts';
import type { EndedState, KnownRuns, OpenRun } from './interval-row.ts';

const AT_ONCE = 8;
const ASKED_WITHIN_MS = 5_000;

/** Where what ran is looked up. `memory`: left out where the configuration names no home of DAG runs. */
export type RunSources = {
  readonly temporal: TemporalClient;
  readonly memory?: RunMemory;
  readonly signal: AbortSignal;
};

type LatestRun = { readonly runId: string; readonly status: WorkflowExecutionStatusName };

/** What Temporal knows of a DAG's runs now. */
export type RunsInTemporal = {
  /** The latest run of each workflow id that the DAG's schedule and backfills give. */
  readonly byId: ReadonlyMap<string, LatestRun>;
  /** The open runs that have claimed an interval, whatever their id is, by the interval's start. */
  readonly claims: ReadonlyMap<string, { readonly claim: Claim; readonly state: OpenRun['state'] }>;
};

/** Asks Temporal for the runs of a DAG. Without a worker only those of the usual ids can be told. */
export async function runsInTemporal(temporal: TemporalClient, dagId: string): Promise<RunsInTemporal> {
  const prefix = dagRunId(dagId, '');
  const byId = new Map<string, LatestRun>();
  const query = `WorkflowType = '${RUN_DAG.workflow}' AND WorkflowId STARTS_WITH '${prefix}'`;
  // The latest comes first.
  for await (const run of listRuns(temporal, query, `The runs of ${dagId} could not be listed`)) {
    const { workflowId, runId } = run.execution ?? {};
    if (workflowId && runId && !byId.has(workflowId)) byId.set(workflowId, { runId, status: statusOf(run) });
  }
  return { byId, claims: await claimsOf(temporal, dagId) };
}

/** The nominal times in the workflow ids of a DAG's runs; ids of another shape are left out. */
export function momentsOfIds(dagId: string, ids: readonly string[]): readonly string[] {
  const prefix = dagRunId(dagId, '');
  return ids.flatMap((id) => {
    const moment = id.startsWith(prefix) ? id.slice(prefix.length) : '';
    return parseMoment(moment) === undefined ? [] : [moment];
  });
}

/** The starts of all intervals that the run memory holds, in order. */
export async function startsInMemory({ memory, signal }: RunSources, dagId: string): Promise<readonly string[]> {
  return memory === undefined ? [] : await rememberedStarts(memory, dagId, signal);
}

/** What is known of the runs of each interval. A cluster or a Temporal that does not answer is an error, not an absence. */
export async function knownRuns(
  dagId: string,
  intervals: readonly DataInterval[],
  inTemporal: RunsInTemporal,
  { temporal, memory, signal }: RunSources,
): Promise<readonly KnownRuns[]> {
  return await concurrently(intervals, AT_ONCE, async (interval) => {
    const records = memory === undefined ? [] : await recordsOf(memory, dagId, interval.start, signal);
    const open = await openRun(dagId, interval, inTemporal, temporal);
    const workflowId = dagRunId(dagId, interval.end);
    const latest = inTemporal.byId.get(workflowId);
    const ended =
      open !== undefined || records.length > 0 || latest === undefined || isOpenStatus(latest.status)
        ? undefined
        : await endedRun(temporal, workflowId, latest);
    return {
      interval,
      records,
      ...(open === undefined ? {} : { open }),
      ...(ended === undefined ? {} : { ended }),
    };
  });
}

async function openRun(
  dagId: string,
  interval: DataInterval,
  { byId, claims }: RunsInTemporal,
  temporal: TemporalClient,
): Promise<OpenRun | undefined> {
  const claimed = claims.get(interval.start);
  const usual = dagRunId(dagId, interval.end);
  const latest = byId.get(usual);
  const goesOn = latest !== undefined && isOpenStatus(latest.status);
  const workflowId = claimed?.claim.run.workflowId ?? (goesOn ? usual : undefined);
  // The gate finds out after a while that a run was terminated.
  if (workflowId === undefined || !(await isOpen(temporal, workflowId))) return undefined;
  const view = await ask<DagRunView>(temporal, workflowId, RUN_DAG.state);
  return { workflowId, state: claimed?.state ?? 'running', ...(view === undefined ? {} : { view }) };
}

/** undefined: it had nothing to do, and says nothing of its interval. */
async function endedRun(
  { client }: TemporalClient,
  workflowId: string,
  { runId, status }: LatestRun,
): Promise<KnownRuns['ended'] | undefined> {
  const ended = (state: EndedState) => ({ workflowId, runId, state });
  switch (status) {
    case 'COMPLETED': {
      const outcome = await outcomeOf(client, workflowId, runId);
      return outcome?.outcome === 'nothing-to-do' ? undefined : ended('success');
    }
    case 'CANCELLED':
    case 'TERMINATED':
      return ended('cancelled');
    default:
      return ended('failed');
  }
}

async function outcomeOf(
  client: TemporalClient['client'],
  workflowId: string,
  runId: string,
): Promise<DagRunOutcome | undefined> {
  try {
    return (await client.workflow.getHandle(workflowId, runId).result()) as DagRunOutcome;
  } catch (error) {
    if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** The open runs of a DAG that have claimed an interval, by its start; none where no worker answers for the gate. */
export async function claimsOf(temporal: TemporalClient, dagId: string): Promise<RunsInTemporal['claims']> {
  type Gate = Readonly<Record<'holders' | 'parked' | 'queue', readonly Claim[]>>;
  if (!(await isOpen(temporal, gateId(dagId)))) return new Map();
  const gate = await ask<Gate>(temporal, gateId(dagId), DAG_GATE.state);
  const of = (claims: readonly Claim[] = [], state: OpenRun['state']) =>
    claims.map((claim) => [claim.intervalStart, { claim, state }] as const);
  return new Map([...of(gate?.holders, 'running'), ...of(gate?.parked, 'waiting'), ...of(gate?.queue, 'queued')]);
}

async function isOpen(temporal: TemporalClient, workflowId: string): Promise<boolean> {
  try {
    const { status } = await temporal.client.workflow.getHandle(workflowId).describe();
    return isOpenStatus(status.name);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw temporalError(error, `${workflowId} could not be looked at`, temporal);
  }
}

/** undefined: no worker was there to answer in time. */
export async function ask<Answer>(
  { client }: TemporalClient,
  workflowId: string,
  query: string,
): Promise<Answer | undefined> {
  try {
    return await client.withDeadline(Date.now() + ASKED_WITHIN_MS, () =>
      client.workflow.getHandle(workflowId).query<Answer, []>(query),
    );
  } catch {
    return undefined;
  }
}
