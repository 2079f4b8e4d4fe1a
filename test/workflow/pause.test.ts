import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { PAUSE, type PauseState, RESUME, type RunState, STATE } from '../../workflows/messages.ts';
import { nodeRef, type Script } from './fake-activities.ts';
import { endOf, order, untilStarted } from './run-end.ts';
import { type Handle, openStage, type Stage } from './test-environment.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 60_000);
afterAll(async () => {
  await stage?.close();
});

const LOADS = 'load-1 load-2 load-3';

const pause = (handle: Handle) => handle.executeUpdate<PauseState, []>(PAUSE);
const resume = (handle: Handle) => handle.executeUpdate<PauseState, []>(RESUME);
const stateOf = (handle: Handle) => handle.query<RunState, []>(STATE);

async function detailsOf(handle: Handle): Promise<string> {
  return (await handle.query<{ currentDetails: string }, []>('__temporal_workflow_metadata')).currentDetails;
}

describe('a paused syncTable', () => {
  it('lets its nodes go, waits, and when it is resumed schedules those again that had not ended', async () => {
    const { handle, played } = await stage.start({ loads: { 'load-2': ['until-cancelled', { published: 4 }] } });
    await untilStarted(handle, 'load-2');
    expect(await pause(handle)).toBe('paused');
    expect(await stateOf(handle)).toEqual({
      state: 'paused',
      step: 'load and write',
      round: 1,
      nodes: { ended: 2, of: 3 },
    });
    expect(await detailsOf(handle)).toMatch(/\*\*Paused\*\*[\s\S]*\| load[^|]*\| paused[\s\S]*\| 2[^|]*\| paused/);
    expect(await resume(handle)).toBe('running');
    expect(await endOf(handle)).toMatchObject({ kind: 'returned', outcome: { partitions: { published: 12 } } });
    expect(
      played.calls
        .map((call) => call.id)
        .filter((id) => id.startsWith('load'))
        .sort(),
    ).toEqual(['load-1', 'load-2', 'load-2', 'load-3']);
    expect(played.endings()).toEqual([expect.objectContaining({ cancelled: false, rounds: 1 })]);
  });

  it('is paused once and resumed once, however often it is told', async () => {
    const { handle } = await stage.start({ loads: { 'load-2': ['until-cancelled', {}] } });
    await untilStarted(handle, 'load-2');
    expect(await resume(handle)).toBe('running');
    expect(await Promise.all([pause(handle), pause(handle)])).toEqual(['paused', 'paused']);
    expect(await pause(handle)).toBe('paused');
    expect(await resume(handle)).toBe('running');
    expect(await resume(handle).catch(String)).toMatch(/running|completed/);
    expect((await endOf(handle)).kind).toBe('returned');
  });

  it('whatever a node says when it is let go, it is tried again', async () => {
    const script: Script = { loads: { 'load-2': ['fails-when-cancelled', {}] } };
    const { handle } = await stage.start(script);
    await untilStarted(handle, 'load-2');
    expect(await pause(handle)).toBe('paused');
    await resume(handle);
    expect((await endOf(handle)).kind).toBe('returned');
  });

  it('that waits for its next round goes on to it at once', async () => {
    const { handle, played } = await stage.start({
      loads: { 'load-2': { published: 3, failed: 1, retryable: 1 } },
      rounds: { 2: [nodeRef(2, { round: 2, partitions: 1 })] },
    });
    await untilStarted(handle, 'timer');
    expect(await pause(handle)).toBe('paused');
    const events = (await handle.fetchHistory()).events ?? [];
    expect(events.some((event) => event.timerCanceledEventAttributes)).toBe(true);
    await resume(handle);
    expect((await endOf(handle)).kind).toBe('returned');
    expect(order(played.calls.map((call) => call.id))).toEqual([
      ...['resolve', 'plan', 'ensure', LOADS, 'plan-r2', 'load-2-r2', 'refresh', 'close'],
    ]);
  });

  it.each([
    ['plans', 'planNodes', 'plan', ['resolve', 'plan'], 'ensure table'],
    ['ensures the table', 'ensureTable', 'ensure', ['resolve', 'plan', 'ensure'], 'load and write'],
    ['refreshes', 'refreshMetadata', 'refresh', ['resolve', 'plan', 'ensure', LOADS, 'refresh'], 'close the run'],
  ] as const)('while it %s ends that step and waits before the next', async (_, held, at, before, step) => {
    const { handle, played } = await stage.start({ holds: held });
    await untilStarted(handle, at);
    const paused = pause(handle);
    while ((await stateOf(handle)).state !== 'pausing') await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await detailsOf(handle)).toContain('**Pausing**');
    played.letGo();
    expect(await paused).toBe('paused');
    expect(order(played.calls.map((call) => call.id))).toEqual(before);
    expect(await stateOf(handle)).toMatchObject({ state: 'paused', step });
    await resume(handle);
    expect((await endOf(handle)).kind).toBe('returned');
  });

  it('is not to be paused when it is being closed or cancelled', async () => {
    const { handle } = await stage.start({ hangs: 'closeRun' });
    await untilStarted(handle, 'close');
    await expect(pause(handle)).rejects.toThrow(WorkflowUpdateFailedError);
    const said = await pause(handle).catch((error: WorkflowUpdateFailedError) => error.cause?.message);
    expect(said).toBe('The run is being closed; nothing is left to pause.');
    await handle.cancel();
    await endOf(handle);
  });

  it.each([
    ['while it loads', 'load-2', { loads: { 'load-2': 'until-cancelled' } }, [LOADS]],
    ['before its next round', 'timer', { loads: { 'load-2': { published: 3, failed: 1, retryable: 1 } } }, [LOADS]],
  ] as const)('and then cancelled %s registers what was published, closes and ends as cancelled', async (...row) => {
    const [, at, script, loads] = row;
    const { handle, played } = await stage.start(script);
    await untilStarted(handle, at);
    expect(await pause(handle)).toBe('paused');
    await handle.cancel();
    expect((await endOf(handle)).kind).toBe('cancelled');
    expect(order(played.calls.map((call) => call.id))).toEqual([
      ...['resolve', 'plan', 'ensure', ...loads, 'refresh-cancelled', 'close-cancelled'],
    ]);
    expect(played.endings()).toEqual([expect.objectContaining({ cancelled: true })]);
    expect(await detailsOf(handle)).not.toMatch(/paused/i);
  });
});
