import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { assertComplete, choosePoints, copied, Trials, takeOver } from './points.ts';
import { PollingReader } from './polling-reader.ts';
import { FILES_A_VERSION, type Publish, VersionedTable } from './versioned-table.ts';

/**
 * What test/crash proves over clusters in memory, with processes and real servers: an attempt sends itself SIGKILL before
 * a call that changes something, and another worker ends the run, while a reader looks on. The attempts are processes that take
 * the steps of a run without Temporal, which would wait half a minute to miss each of them; test/lab/zombies has some with it.
 *
 * FERRY_POINTS=all tries every point; else a part of them, most of where folders are moved and partitions registered.
 */

jest.setTimeout(process.env.FERRY_POINTS === 'all' ? 3_600_000 : 600_000);

describe.each<Publish>(['swap', 'relocate'])('an attempt that is killed at any point of a run (%s)', (publish) => {
  let trials: Trials;
  let table: VersionedTable;
  let reader: PollingReader;

  beforeAll(async () => {
    table = new VersionedTable(`ferry_points_${publish}`, publish);
    await table.make();
    trials = new Trials(table);
    await trials.record();
    reader = new PollingReader(table);
    reader.start();
  });
  afterAll(async () => {
    await reader?.close();
    await trials?.close();
    await table.drop();
    await table.close();
  });

  it('case 14, 15, 27: another worker ends it complete; no reader sees half a partition; nothing is copied twice or left behind', async () => {
    const calls = await trials.record();
    const points = choosePoints(calls, 14, 6);
    let stops = 0;
    for (const at of points) {
      const before = { neighbours: await table.neighbours(), same: await table.same() };
      const { spec, memory } = await trials.begin();
      const attempt = trials.process();
      attempt.order({ spec, memory, point: { at, signal: 'SIGKILL' } });
      const stopped = await attempt.stopped();
      await attempt.ended;
      try {
        await reader.another();
        const { outcome, told } = await takeOver(trials, spec, memory);
        await assertComplete(trials, spec, outcome, before);
        await reader.another();
        expect(reader.wrong).toEqual([]);
        // What the dead attempt had made good is taken over.
        expect(copied(told).begun).toBeLessThanOrEqual(FILES_A_VERSION - copied(attempt.told).good);
      } catch (error) {
        throw new Error(`killed at point ${at}, before ${stopped}: ${error}\n${attempt.stderr}`, { cause: error });
      }
      if (stopped !== undefined) stops += 1;
      await table.forget(spec.runKey);
    }
    // The number of calls differs by a few from run to run: the last point may lie past the end.
    expect(stops).toBeGreaterThanOrEqual(points.length - 2);
    expect(reader.looks).toBeGreaterThan(2 * points.length);
    expect(reader.queries).toBeGreaterThan(0);
    expect(reader.seen.size).toBeGreaterThan(points.length);
    if (publish === 'relocate') expect(reader.absences).toBe(0);
    else expect(reader.absences).toBeGreaterThan(0);
    if (process.env.FERRY_POINTS === 'all')
      process.stderr.write(
        `${publish}: ${stops} points of ${calls.length}, ${reader.looks} looks, ${reader.queries} queries, ${reader.absences} absences\n`,
      );
  });
});
