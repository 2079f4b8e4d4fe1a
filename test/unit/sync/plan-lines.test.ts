import { describe, expect, it } from '@jest/globals';
import { planDifferences, planDigest, planLines } from '../../../sync/plan-lines.ts';
import { planNodes } from '../../../sync/plan-nodes.ts';
import { bothSides, give, plan } from './orders-on-both.ts';
import { specOf } from './two-clusters.ts';

describe('a plan as lines', () => {
  it('is the same for another run, and for other nodes', async () => {
    const world = await bothSides();
    await give(world, '1');
    const first = planLines(await plan(world));
    const second = planLines(await plan(world, { runKey: 'another', nodes: { count: 9, memoryBytes: 2 ** 27 } }));
    expect(first.map(({ about }) => about)).toContain('dt=2026-01-01/hour=1');
    expect(planDifferences(first, second)).toEqual([]);
    expect(planDigest(second)).toBe(planDigest(first));
  });

  it('names what moved', async () => {
    const world = await bothSides();
    await give(world, '1');
    await give(world, '2');
    const before = planLines(await plan(world));
    await give(world, '1', { f: 'other rows' });
    await give(world, '3');
    const now = planLines(await plan(world));
    expect(planDigest(now)).not.toBe(planDigest(before));
    expect(planDifferences(before, now)).toEqual([
      'dt=2026-01-01/hour=1: source files changed',
      'dt=2026-01-01/hour=3: not in the plan, now new',
    ]);
    expect(planDifferences(now, before)).toContain('dt=2026-01-01/hour=3: new in the plan, now gone');
  });
});

describe('a run that is held to a plan', () => {
  it('plans that, or ends before it has written anything', async () => {
    const world = await bothSides();
    await give(world, '1');
    const digest = planDigest(planLines(await plan(world)));
    const held = specOf({ planDigest: digest });
    expect(await planNodes(world.engine, held)).toMatchObject({ counts: { toCopy: 1 } });
    await give(world, '2');
    const run = planNodes(world.engine, { ...held, runKey: 'another' });
    await expect(run).rejects.toMatchObject({
      code: 'PLAN_STALE',
      message: expect.stringContaining('2 of 2 partitions would be copied'),
    });
    expect(await world.b.status(`${world.target.controlRoot}/another`)).toBeUndefined();
    // What the run has planned stays its plan.
    expect(await planNodes(world.engine, held)).toMatchObject({ counts: { toCopy: 1 } });
  });
});
