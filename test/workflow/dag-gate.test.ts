import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DagRunOutcome } from '../../dag/run.ts';
import type { DagSpec } from '../../dag/spec.ts';
import { gateId } from '../../workflows/dag-messages.ts';
import type { GateState } from '../../workflows/gate-queue.ts';
import { dagSpec, work } from './dag-spec.ts';
import { type DagStage, openDagStage, until } from './dag-stage.ts';
import { endOf } from './run-end.ts';
import type { Handle } from './test-environment.ts';

let stage: DagStage;
beforeAll(async () => {
  stage = await openDagStage();
}, 60_000);
afterAll(async () => {
  await stage?.close();
});

/** Starts a run of the interval that begins `day` days after 2026-01-01. */
async function start(spec: DagSpec, day: number, runType = 'backfill', name: string = runType): Promise<Handle> {
  const interval = new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
  return await stage.start('runDag', `dag/${spec.dagId}-${name}-${day}`, { spec, interval, runType });
}

async function gateOf(dagId: string): Promise<GateState> {
  return await stage.environment.client.workflow.getHandle(gateId(dagId)).query<GateState, []>('state');
}

async function detailsOf(handle: Handle): Promise<string> {
  return (await handle.query<{ currentDetails: string }, []>('__temporal_workflow_metadata')).currentDetails;
}

async function untilQueued(dagId: string, count: number): Promise<void> {
  await until(async () => (await gateOf(dagId).catch(() => undefined))?.queue.length === count);
}

function begun(dagId: string): readonly string[] {
  return stage.world.worked.flatMap(({ workflowId }) => (workflowId.startsWith(`dag/${dagId}-`) ? [workflowId] : []));
}

const unlucky = work('unlucky', [], {}, { retries: 1, retryDelaySeconds: 86_400 });

/** A run that holds its slot and waits for its next try: the test server skips no time while a terminated run's activity runs. */
async function startUnlucky(spec: DagSpec, day: number): Promise<Handle> {
  stage.world.failing.add('unlucky');
  const run = await start(spec, day);
  await until(async () => JSON.stringify(await run.query('state').catch(() => '')).includes('nextTryAt'));
  stage.world.failing.clear();
  return run;
}

/** Terminates a workflow that does nothing: one in the middle of a task keeps the test server from skipping time ever after. */
async function terminateAtRest(workflowId: string): Promise<void> {
  await untilAtRest(workflowId);
  await stage.environment.client.workflow.getHandle(workflowId).terminate();
}

async function untilAtRest(workflowId: string): Promise<void> {
  const handle = stage.environment.client.workflow.getHandle(workflowId);
  await until(async () => {
    const { raw } = await handle.describe();
    return !raw.pendingWorkflowTask && (raw.pendingActivities ?? []).length === 0;
  });
}

describe('the gate of a DAG', () => {
  // These three first: a run that another test leaves in the middle of a task keeps the test server from skipping their time.
  it('ends when it is no longer needed', async () => {
    const spec = dagSpec('idle', [work('a')]);
    await endOf<DagRunOutcome>(await start(spec, 1));
    await stage.environment.client.workflow.getHandle(gateId('idle')).result();
    expect((await endOf<DagRunOutcome>(await start(spec, 2))).kind).toBe('returned');
  });

  it('when it is ended, a run that waited asks another one for its slot', async () => {
    const spec = dagSpec('ended', [unlucky], { maxActiveRuns: 1 });
    const first = await startUnlucky(spec, 1);
    const second = await start(spec, 2);
    await untilQueued('ended', 1);
    await terminateAtRest(gateId('ended'));
    for (const run of [second, first]) expect((await endOf<DagRunOutcome>(run)).outcome?.outcome).toBe('success');
    expect(begun('ended')).toEqual([first.workflowId, second.workflowId, first.workflowId]);
  });

  it('finds out on time that a holder was terminated, also while other runs keep asking', async () => {
    const spec = dagSpec('starved', [unlucky], { maxActiveRuns: 1 });
    const dead = await startUnlucky(spec, 1);
    const waiting = await start(spec, 2);
    await untilQueued('starved', 1);
    await terminateAtRest(dead.workflowId);
    const gate = stage.environment.client.workflow.getHandle(gateId('starved'));
    for (let asks = 1; asks <= 4; asks += 1) {
      await stage.environment.sleep('20s');
      await untilAtRest(gate.workflowId);
      if (begun('starved').includes(waiting.workflowId)) break;
      const run = { workflowId: `dag/asking-${asks}`, runKey: 'k' };
      const claim = { run, runType: 'backfill', intervalStart: `asking-${asks}`, maxActiveRuns: 1 };
      await gate.executeUpdate('claim', { args: [claim] });
    }
    await until(() => begun('starved').includes(waiting.workflowId));
    expect((await endOf<DagRunOutcome>(waiting)).kind).toBe('returned');
    const { events } = await gate.fetchHistory();
    const seconds = (event: object | undefined, at = event as { eventTime?: { seconds?: unknown } }) =>
      Number(at?.eventTime?.seconds);
    const looks = (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes);
    const terminated = (await dead.fetchHistory()).events?.at(-1);
    expect(seconds(looks[0]) - seconds(terminated)).toBeLessThan(60);
  }, 120_000);

  it('with 40 backfill runs queued, a scheduled run starts when the next slot frees, and a backfill leaves one slot free', async () => {
    stage.world.held.add('busy');
    const spec = dagSpec('crowded', [work('busy')], { maxActiveRuns: 2 });
    const today = await start(spec, 100, 'manual');
    await until(() => begun('crowded').length === 1);
    const backfills = await Promise.all(Array.from({ length: 40 }, (_, day) => start(spec, day)));
    await untilQueued('crowded', 40);
    const first = await start(spec, 101, 'scheduled');
    await until(() => begun('crowded').length === 2);
    const next = await start(spec, 102, 'scheduled');
    await untilQueued('crowded', 41);
    expect(begun('crowded')).toEqual([today.workflowId, first.workflowId]);

    await today.cancel();
    await until(() => begun('crowded').length === 3);
    expect(begun('crowded')[2]).toBe(next.workflowId);
    stage.world.held.clear();
    for (const run of [first, next, ...backfills]) expect((await endOf<DagRunOutcome>(run)).kind).toBe('returned');
    expect(new Set(begun('crowded')).size).toBe(43);
  });

  it('gives an interval to one run; a second one ends at once and names the first', async () => {
    stage.world.held.add('slow');
    const spec = dagSpec('one', [work('slow')]);
    const first = await start(spec, 1, 'scheduled');
    await until(() => begun('one').length === 1);
    const second = await start(spec, 1, 'manual');
    expect((await endOf<DagRunOutcome>(second)).outcome).toMatchObject({
      outcome: 'nothing-to-do',
      other: { state: 'running', workflowId: first.workflowId },
    });
    stage.world.held.clear();
    expect((await endOf<DagRunOutcome>(first)).kind).toBe('returned');
    expect(begun('one')).toEqual([first.workflowId]);
  });

  it('a run that waited while another succeeded starts no task', async () => {
    stage.world.held.add('slow');
    const spec = dagSpec('overtaken', [work('slow')], { maxActiveRuns: 1 });
    const first = await start(spec, 1);
    await until(() => begun('overtaken').length === 1);
    const second = await start(spec, 2);
    await untilQueued('overtaken', 1);
    const outcome = { ...(await outcomeLike(first, 2)) };
    stage.world.records.push({ outcome, tasks: [] });
    stage.world.held.clear();
    await endOf<DagRunOutcome>(first);
    expect((await endOf<DagRunOutcome>(second)).outcome).toMatchObject({
      outcome: 'nothing-to-do',
      other: { state: 'succeeded', workflowId: 'dag/elsewhere' },
    });
  });

  it('finds out that a holder was terminated, and frees its slot and its interval', async () => {
    const spec = dagSpec('freed', [unlucky], { maxActiveRuns: 1 });
    const dead = await startUnlucky(spec, 1);
    const waiting = await start(spec, 2);
    await untilQueued('freed', 1);
    await dead.terminate();
    expect((await endOf<DagRunOutcome>(waiting)).kind).toBe('returned');
    const again = await start(spec, 1, 'manual');
    expect((await endOf<DagRunOutcome>(again)).outcome?.outcome).toBe('success');
  });

  it('gives the interval of a terminated run to the next one that asks for it, without waiting', async () => {
    const spec = dagSpec('again', [unlucky]);
    await (await startUnlucky(spec, 1)).terminate();
    const next = await start(spec, 1, 'manual');
    await until(() => begun('again').includes(next.workflowId));
    expect((await endOf<DagRunOutcome>(next)).outcome?.outcome).toBe('success');
  });

  it('a cancelled run leaves the queue', async () => {
    stage.world.held.add('slow');
    const spec = dagSpec('left', [work('slow')], { maxActiveRuns: 1 });
    const first = await start(spec, 1);
    await until(() => begun('left').length === 1);
    const second = await start(spec, 2);
    // A cancel request that meets the end of the claim could be lost by the test server.
    await until(async () => (await detailsOf(second)).includes('Waits for a slot'));
    await second.cancel();
    expect((await endOf<DagRunOutcome>(second)).kind).toBe('cancelled');
    await untilQueued('left', 0);
    stage.world.held.clear();
    expect((await endOf<DagRunOutcome>(first)).kind).toBe('returned');
  });
});

/** What a run of another worker would have left in the run memory: a success of the interval of `day`. */
async function outcomeLike(run: Handle, day: number): Promise<DagRunOutcome> {
  const { dagId, interval } = await run.query<{ dagId: string; interval: DagRunOutcome['interval'] }, []>('state');
  const start = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().replace('.000Z', 'Z');
  return {
    schemaVersion: 1,
    workflowId: 'dag/elsewhere',
    runId: 'r',
    dagId,
    runType: 'manual',
    interval: { ...interval, start },
    outcome: 'success',
    tasks: {},
    failures: [],
    startedAt: start,
    endedAt: start,
    seconds: 1,
  };
}
