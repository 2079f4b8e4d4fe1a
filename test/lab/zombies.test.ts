import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { assertComplete, choosePoints, Trials, takeOver } from './points.ts';
import { type Publish, VersionedTable } from './versioned-table.ts';

/**
 * Attempts that go on after they were given up: processes that send themselves SIGSTOP before a call that changes something,
 * are replaced by an attempt that ends the run, and are then woken. They take the steps of a run without Temporal, as in
 * test/lab/points; test/lab/zombies-temporal has some that Temporal gives up. FERRY_POINTS=all tries every point.
 */

jest.setTimeout(process.env.FERRY_POINTS === 'all' ? 3_600_000 : 600_000);

describe.each<Publish>(['swap', 'relocate'])('an attempt that sleeps at any point of a run (%s)', (publish) => {
  let trials: Trials;
  let table: VersionedTable;

  beforeAll(async () => {
    table = new VersionedTable(`ferry_zombies_${publish}`, publish);
    await table.make();
    trials = new Trials(table);
    await trials.record();
  });
  afterAll(async () => {
    await trials?.close();
    await table.drop();
    await table.close();
  });

  it('case 39: woken when another one has ended the run, it publishes nothing and harms nothing', async () => {
    const calls = await trials.record();
    const points = choosePoints(calls, 10, 3);
    let stops = 0;
    for (const at of points) {
      const before = { neighbours: await table.neighbours(), same: await table.same() };
      const { spec, memory } = await trials.begin();
      const attempt = trials.process();
      attempt.order({ spec, memory, point: { at, signal: 'SIGSTOP' } });
      const stopped = await attempt.stopped();
      try {
        const { outcome } = await takeOver(trials, spec, memory);
        await assertComplete(trials, spec, outcome, before);
        const asLeft = await table.everything();
        // It has slept all the while, and makes the call when it is woken.
        if (stopped !== undefined) expect(attempt.told.at(-1)).toBe(`stop ${stopped}`);
        attempt.signal('SIGCONT');
        await attempt.ended;
        if (stopped !== undefined) expect(attempt.told).toContain(`before ${stopped}`);
        expect(await table.everything()).toEqual(asLeft);
        await assertComplete(trials, spec, outcome, before);
      } catch (error) {
        attempt.signal('SIGKILL');
        throw new Error(`asleep at point ${at}, before ${stopped}: ${error}\n${attempt.stderr}`, { cause: error });
      }
      if (stopped !== undefined) stops += 1;
      await table.forget(spec.runKey);
    }
    // The number of calls differs by a few from run to run: the last point may lie past the end.
    expect(stops).toBeGreaterThanOrEqual(points.length - 2);
    if (process.env.FERRY_POINTS === 'all') process.stderr.write(`${publish}: ${stops} points of ${calls.length}\n`);
  });
});
