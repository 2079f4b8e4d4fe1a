import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { BodyHandler } from '../../lab/fault-proxy.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { PAUSE, type PauseState, RESUME, type RunState } from '../../workflows/messages.ts';
import { FaultyLab } from './faulty-lab.ts';
import { documentOf, ferry } from './ferry.ts';
import { filesBelow } from './lab-tables.ts';
import { labTemporal } from './lab-temporal.ts';
import { PARTITIONS, SlowCopy } from './slow-copy.ts';

jest.setTimeout(240_000);

/** A pause takes about a second, that between two heartbeats of a worker. */
const EFFECTIVE_WITHIN_MS = 2_000;
/** What it is given where something else took the machine meanwhile. */
const BUSY_WITHIN_MS = 5_000;
const PATIENCE_MS = 60_000;

let lab: FaultyLab;
let copy: SlowCopy;
let temporal: Awaited<ReturnType<typeof labTemporal>>;
/** The bytes that came from or went to a datanode. */
let moved = 0;

const counted: BodyHandler = (from, to) => {
  from.on('data', (chunk: Buffer) => {
    moved += chunk.length;
  });
  from.pipe(to);
};

beforeAll(async () => {
  temporal = await labTemporal();
  lab = await FaultyLab.start();
  for (const { datanode } of [lab.a, lab.b])
    datanode.inject({ times: Number.POSITIVE_INFINITY }, async ({ ask, handOn }) =>
      handOn(await ask(counted), counted),
    );
  copy = new SlowCopy('pause', { HIVE_FERRY_LAB: lab.folder });
  await copy.worker();
});
beforeEach(async () => {
  await copy.reset();
});
afterAll(async () => {
  await copy?.close();
  await lab?.close();
  await temporal?.close();
});

type Told = { readonly workflowId: string; readonly runId: string; readonly state: string };

/** Of each pause of a run, the milliseconds from the server's taking it until nothing of the run went on. */
async function pausesOf({ workflowId, runId }: Pick<Told, 'workflowId' | 'runId'>): Promise<readonly number[]> {
  const { events } = await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
  const accepted = new Map<string, number>();
  const pauses: number[] = [];
  for (const event of events ?? []) {
    const at = Number(event.eventTime?.seconds) * 1000 + Number(event.eventTime?.nanos) / 1e6;
    const { workflowExecutionUpdateAcceptedEventAttributes: begun } = event;
    if (begun?.acceptedRequest?.input?.name === PAUSE) accepted.set(String(event.eventId), at);
    const since = accepted.get(String(event.workflowExecutionUpdateCompletedEventAttributes?.acceptedEventId));
    if (since !== undefined) pauses.push(at - since);
  }
  return pauses;
}

/** Waits until bytes of the table are on their way: more than control files have. */
async function untilMoving(): Promise<void> {
  const before = moved;
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(50)) {
    if (moved > before + 128 * 1024) return;
  }
  throw new Error('nothing was copied');
}

/** Nothing of the run is under way, no datanode is asked for anything, and no byte moves. */
async function expectStandstill({ workflowId, runId }: Told): Promise<void> {
  const { raw } = await temporal.client.workflow.getHandle(workflowId, runId).describe();
  expect(raw.pendingActivities).toEqual([]);
  const traffic = () => [moved, lab.a.datanode.calls.length, lab.b.datanode.calls.length];
  const atPause = traffic();
  await sleep(1_500);
  expect(traffic()).toEqual(atPause);
}

/** All that lies below the table, with times and identities. */
async function everything(): Promise<readonly string[]> {
  return [...(await filesBelow(copy.b, copy.folder)), ...(await filesBelow(copy.b, `${copy.folder}/.hive-ferry`))];
}

describe('a run over the lab, paused in mid-copy', () => {
  it('copies nothing until it is resumed, and then only what is missing', async () => {
    const running = copy.start('--json');
    await copy.untilPublished(1);
    const told = documentOf<Told>(await ferry(copy.about('pause', '--json')));
    expect(told.state).toBe('paused');
    expect(Math.max(...(await pausesOf(told)))).toBeLessThan(BUSY_WITHIN_MS);

    const handle = temporal.client.workflow.getHandle(told.workflowId, told.runId);
    expect((await handle.describe()).raw.pendingActivities).toEqual([]);
    expect(await handle.query<RunState, []>('state')).toMatchObject({ state: 'paused', step: 'load and write' });
    const atPause = await everything();
    const movedAtPause = moved;
    const published = await copy.published();
    expect(published.length).toBeLessThan(PARTITIONS);
    await sleep(4_000);
    expect(moved).toBe(movedAtPause);
    expect(await everything()).toEqual(atPause);
    await running.untilSaid('The run is paused; nothing is copied. To go on: ');

    const resumed = await ferry(copy.about('resume'));
    expect([resumed.exitCode, resumed.stdout]).toEqual([0, `${told.workflowId} goes on.\n`]);
    const outcome = documentOf<Outcome>(await running.ended);
    expect(outcome).toMatchObject({ outcome: 'complete', rounds: 1, partitions: { published: PARTITIONS } });
    // A partition is one file: what an attempt had published or verified is not copied again.
    expect(outcome.files.copied + outcome.files.reused).toBe(PARTITIONS);
    const after = await everything();
    for (const folder of published) {
      const line = atPause.find((each) => each.startsWith(`${folder} `));
      expect(after).toContain(line);
    }
    expect(await copy.staging()).toEqual([]);
  });

  it('stands still within two seconds, each time that it is paused', async () => {
    copy.start('--json');
    await untilMoving();
    const told = documentOf<Told>(await ferry(copy.about('pause', '--json')));
    await expectStandstill(told);
    const handle = temporal.client.workflow.getHandle(told.workflowId, told.runId);
    for (let time = 2; time <= 3; time += 1) {
      await handle.executeUpdate<PauseState, []>(RESUME);
      await untilMoving();
      expect(await handle.executeUpdate<PauseState, []>(PAUSE)).toBe('paused');
      await expectStandstill(told);
    }
    const pauses = await pausesOf(told);
    expect(pauses).toHaveLength(3);
    expect(Math.min(...pauses)).toBeLessThan(EFFECTIVE_WITHIN_MS);
    expect(Math.max(...pauses)).toBeLessThan(BUSY_WITHIN_MS);
  });

  it('ends as cancelled when it is cancelled, with what it published registered and no staging left', async () => {
    const running = copy.start('--json');
    await copy.untilPublished(1);
    expect((await ferry(copy.about('pause'))).exitCode).toBe(0);
    const published = (await copy.published()).length;
    const cancelled = await ferry(copy.about('cancel', '--json'));
    expect(cancelled.exitCode).toBe(0);
    const outcome = documentOf<Outcome>(cancelled);
    expect(outcome).toMatchObject({ outcome: 'cancelled', partitions: { selected: PARTITIONS, published } });
    const ended = await running.ended;
    expect([ended.exitCode, documentOf<Outcome>(ended)]).toEqual([5, outcome]);
    expect(await copy.staging()).toEqual([]);

    const again = await ferry(copy.about('cancel'));
    expect(again.exitCode).toBe(3);
    expect((await ferry(copy.about('pause'))).stderr).toContain('has ended: cancelled.');
  });
});

it('a table that nobody syncs cannot be paused', async () => {
  const { exitCode, stderr } = await ferry(['pause', 'no.such_table']);
  expect(exitCode).toBe(64);
  expect(stderr).toContain('There is no workflow no.such_table in the namespace');
});
