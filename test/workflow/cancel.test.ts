import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Script } from './fake-activities.ts';
import { endOf, order, untilStarted } from './run-end.ts';
import { openStage, type Stage } from './test-environment.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 60_000);
afterAll(async () => {
  await stage?.close();
});

type Case = {
  readonly name: string;
  readonly script: Script;
  /** Cancelled once this activity, or a 'timer', has started. */
  readonly at: string;
  readonly kind: string;
  readonly steps: readonly string[];
};

const LOADS = 'load-1 load-2 load-3';
const RETRYABLE = { published: 3, failed: 1, retryable: 1 };

describe('a cancelled syncTable', () => {
  const CASES: readonly Case[] = [
    {
      name: 'waits for its nodes, registers what they published and closes',
      script: { loads: { 'load-2': 'until-cancelled' } },
      at: 'load-2',
      kind: 'cancelled',
      steps: ['resolve', 'plan', 'ensure', LOADS, 'refresh-cancelled', 'close-cancelled'],
    },
    {
      name: 'does so when it waits for the next round',
      script: { loads: { 'load-2': RETRYABLE } },
      at: 'timer',
      kind: 'cancelled',
      steps: ['resolve', 'plan', 'ensure', LOADS, 'refresh-cancelled', 'close-cancelled'],
    },
    {
      name: 'has nothing to register before it has a plan',
      script: { hangs: 'planNodes' },
      at: 'plan',
      kind: 'cancelled',
      steps: ['resolve', 'plan', 'close-cancelled'],
    },
    {
      name: 'has nothing to register before there is a table',
      script: { hangs: 'ensureTable' },
      at: 'ensure',
      kind: 'cancelled',
      steps: ['resolve', 'plan', 'ensure', 'close-cancelled'],
    },
    {
      name: 'refreshes again when the refresh was cut off',
      script: { hangs: 'refreshMetadata' },
      at: 'refresh',
      kind: 'cancelled',
      steps: ['resolve', 'plan', 'ensure', LOADS, 'refresh', 'refresh-cancelled', 'close-cancelled'],
    },
    {
      name: 'is complete when all of it was done and only the closing was cut off',
      script: { hangs: 'closeRun' },
      at: 'close',
      kind: 'returned',
      steps: ['resolve', 'plan', 'ensure', LOADS, 'refresh', 'close', 'close-cancelled'],
    },
  ];

  it.each(CASES)('$name', async ({ script, at, kind, steps }) => {
    const { handle, played } = await stage.start(script);
    await untilStarted(handle, at);
    await handle.cancel();
    expect((await endOf(handle)).kind).toBe(kind);
    expect(order(played.calls.map((call) => call.id))).toEqual(steps);
    const cancelled = kind === 'cancelled';
    expect((await handle.describe()).status.name).toBe(cancelled ? 'CANCELLED' : 'COMPLETED');
    expect(played.endings().at(-1)).toMatchObject({ cancelled });
    expect(played.endings().at(-1)).not.toHaveProperty('failure');
    const { currentDetails } = await handle.query<{ currentDetails: string }, []>('__temporal_workflow_metadata');
    expect(currentDetails).toContain(cancelled ? '**cancelled**' : '**complete**');
  });
});
