import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { readLabState } from '../../lab/state.ts';
import { temporalBinary } from '../../lab/temporal-binary.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf } from './ferry.ts';
import { labTemporal } from './lab-temporal.ts';
import { PARTITIONS, SlowCopy } from './slow-copy.ts';

jest.setTimeout(300_000);

const STARTED = 2;
const copy = new SlowCopy('reset');
let temporal: { readonly client: Client; close(): Promise<void> };

beforeAll(async () => {
  temporal = await labTemporal();
  await copy.worker();
});
beforeEach(() => copy.reset());
afterAll(async () => {
  await copy.close();
  await temporal.close();
});

/** The Temporal CLI, as an operator has it. */
async function temporalCli(...args: readonly string[]): Promise<void> {
  const { address, namespace } = readLabState()?.temporal ?? {};
  if (address === undefined || namespace === undefined) throw new Error('The lab is not up: npm run lab -- up');
  await promisify(execFile)(await temporalBinary(), [...args, '--address', address, '--namespace', namespace]);
}

async function workflowId(): Promise<string> {
  for await (const run of temporal.client.workflow.list({ query: "ExecutionStatus = 'Running'" }))
    if (run.workflowId.split('/')[2] === copy.table) return run.workflowId;
  throw new Error(`no run of ${copy.table} goes on`);
}

/** The ids of the nodes that are being copied now; waits until there are some. */
async function loading(id: string): Promise<readonly string[]> {
  for (;;) {
    const { raw } = await temporal.client.workflow.getHandle(id).describe();
    const started = (raw.pendingActivities ?? []).filter(({ state }) => state === STARTED);
    const ids = started.map(({ activityId }) => activityId ?? '').filter((each) => each.startsWith('load-'));
    if (ids.length > 0) return ids;
    await sleep(200);
  }
}

/** Does this to a node that is being copied; to another one where that ended meanwhile. Gives its id. */
async function toOneLoading(action: 'reset' | 'pause', id: string): Promise<string> {
  for (;;) {
    const node = (await loading(id)).at(-1) ?? '';
    try {
      await temporalCli('activity', action, '--workflow-id', id, '--activity-id', node);
      return node;
    } catch (error) {
      if (!String(error).includes("Can't find pending activity")) throw error;
    }
  }
}

const COMPLETE = { outcome: 'complete', failures: [], partitions: { selected: PARTITIONS, published: PARTITIONS } };

describe('what operators do to a run with the Temporal CLI, in the middle of a copy', () => {
  it('activity reset, pause and unpause: the run ends complete, what was published stays as it is', async () => {
    const running = copy.start('--json');
    await copy.untilPublished(1);
    const id = await workflowId();
    await toOneLoading('reset', id);
    const paused = await toOneLoading('pause', id);
    await copy.untilPublished(PARTITIONS - 1);
    await temporalCli('activity', 'unpause', '--workflow-id', id, '--activity-id', paused);
    const ran = await running.ended;
    expect(documentOf<Outcome>(ran)).toMatchObject(COMPLETE);
    expect(ran.exitCode).toBe(0);
    expect(await copy.staging()).toEqual([]);
  });

  it('workflow reset: ferry sync follows the run that goes on, which ends complete and copies nothing twice', async () => {
    const running = copy.start('--json');
    await copy.untilPublished(2);
    const id = await workflowId();
    const before = await copy.published();
    await temporalCli('workflow', 'reset', '--workflow-id', id, '--type', 'LastWorkflowTask', '--reason', 'a test');
    const ran = await running.ended;
    expect(documentOf<Outcome>(ran)).toMatchObject(COMPLETE);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain('The run was reset and goes on');
    expect(await copy.published()).toEqual(expect.arrayContaining([...before]));
    expect(await copy.staging()).toEqual([]);
  });
});
