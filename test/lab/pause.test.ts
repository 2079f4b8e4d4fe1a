import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Outcome } from '../../sync/outcome.ts';
import type { RunState } from '../../workflows/messages.ts';
import { documentOf, ferry } from './ferry.ts';
import { filesBelow } from './lab-tables.ts';
import { labTemporal } from './lab-temporal.ts';
import { PARTITIONS, SlowCopy } from './slow-copy.ts';

jest.setTimeout(240_000);

/** A pause takes about one second, the worker's heartbeat; this is what a busy machine is given. */
const EFFECTIVE_WITHIN_MS = 5_000;

const copy = new SlowCopy('pause');
let temporal: Awaited<ReturnType<typeof labTemporal>>;

beforeAll(async () => {
  temporal = await labTemporal();
  await copy.worker();
});
beforeEach(async () => {
  await copy.reset();
});
afterAll(async () => {
  await copy.close();
  await temporal?.close();
});

type Told = { readonly workflowId: string; readonly runId: string; readonly state: string };

/** Milliseconds from the server's taking the update until nothing of the run went on. */
async function effectiveAfter({ workflowId, runId }: Told): Promise<number> {
  const { events } = await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
  const at = (is: (event: NonNullable<typeof events>[number]) => unknown) => {
    const time = events?.find(is)?.eventTime;
    return Number(time?.seconds) * 1000 + Number(time?.nanos) / 1e6;
  };
  return (
    at((event) => event.workflowExecutionUpdateCompletedEventAttributes) -
    at((event) => event.workflowExecutionUpdateAcceptedEventAttributes)
  );
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
    expect(await effectiveAfter(told)).toBeLessThan(EFFECTIVE_WITHIN_MS);

    const handle = temporal.client.workflow.getHandle(told.workflowId, told.runId);
    expect((await handle.describe()).raw.pendingActivities).toEqual([]);
    expect(await handle.query<RunState, []>('state')).toMatchObject({ state: 'paused', step: 'load and write' });
    const atPause = await everything();
    const published = await copy.published();
    expect(published.length).toBeLessThan(PARTITIONS);
    await sleep(4_000);
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
