import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BackfillDagInput, BackfillOutcome, DagRunOutcome } from '../../dag/run.ts';
import { dagRunId } from '../../workflows/dag-messages.ts';
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

/** A DAG of one task, whose activity has the DAG's name. */
function define(dagId: string, over: Parameters<typeof dagSpec>[2] = {}): void {
  stage.world.specs.set(dagId, dagSpec(dagId, [work(dagId)], { maxActiveRuns: 16, ...over }));
}

async function backfill(dag: string, over: Partial<BackfillDagInput> = {}): Promise<Handle> {
  const input: BackfillDagInput = { dag, from: '2026-11-01', to: '2026-11-03', ...over };
  return await stage.start('backfillDag', `backfill/${dag}/${stage.world.worked.length}`, input);
}

async function ended(handle: Handle) {
  return await endOf<BackfillOutcome>(handle);
}

function day(of: number): string {
  return new Date(Date.UTC(2026, 10, of)).toISOString().replace('.000Z', 'Z');
}

/** The days whose run came to its task, in order. */
function ran(dagId: string): readonly number[] {
  return stage.world.worked
    .filter(({ activityId }) => activityId === dagId)
    .map(({ workflowId }) => Number(/-(\d\d)T/.exec(workflowId)?.[1]) - 1);
}

describe('backfillDag', () => {
  it('runs each interval once, from and to inclusive, under the id that its schedule would give it', async () => {
    define('plain');
    const { kind, outcome } = await ended(await backfill('plain'));
    expect(kind).toBe('returned');
    expect(outcome).toMatchObject({ dagId: 'plain', outcome: 'complete', total: 3, counts: { success: 3 } });
    expect(outcome?.intervals).toEqual(
      [1, 2, 3].map((start) => ({
        interval: { start: day(start), end: day(start + 1) },
        state: 'success',
        workflowId: `dag/plain-${day(start + 1)}`,
      })),
    );
    const runs = stage.world.records.map(({ outcome: each }) => each).filter(({ dagId }) => dagId === 'plain');
    expect(runs).toMatchObject([{ runType: 'backfill' }, { runType: 'backfill' }, { runType: 'backfill' }]);
  });

  it('case 38: runs at most maxActive at a time and drops none, over many pages of intervals', async () => {
    define('many', { maxActiveRuns: 3 });
    const before = stage.world.listed.length;
    stage.world.held.add('many');
    const handle = await backfill('many', { to: '2026-11-22', maxActive: 2 });
    await until(() => ran('many').length === 2);
    expect(await handle.query<BackfillOutcome, []>('progress')).toMatchObject({
      outcome: 'running',
      total: 22,
      counts: { running: 2 },
    });
    stage.world.held.clear();
    expect((await ended(handle)).outcome).toMatchObject({ outcome: 'complete', total: 22, counts: { success: 22 } });
    expect([...ran('many')].sort((a, b) => a - b)).toEqual(Array.from({ length: 22 }, (_, place) => place + 1));
    const pages = stage.world.listed.slice(before);
    expect(pages).toEqual([undefined, ...Array(5).fill({ dagId: 'many', timezone: 'UTC' })]);
  });

  it('runs the newest interval first when told so', async () => {
    define('reverse');
    await ended(await backfill('reverse', { reverse: true, maxActive: 1 }));
    expect(ran('reverse')).toEqual([3, 2, 1]);
  });

  it('goes on when a run fails, tells which and why; another time runs only what it is told to', async () => {
    define('again');
    stage.world.failing.add('again');
    const bad = await ended(await backfill('again', { to: '2026-11-01' }));
    expect(bad).toMatchObject({ kind: 'FAILED', outcome: { outcome: 'failed', counts: { failed: 1 } } });
    expect(bad.outcome?.intervals[0]?.reason).toContain('again: NoLuck: again has no luck');
    stage.world.failing.clear();

    expect((await ended(await backfill('again', { to: '2026-11-02' }))).outcome).toMatchObject({
      outcome: 'complete',
      counts: { skipped: 1, success: 1 },
      intervals: [
        { state: 'skipped', reason: expect.stringContaining('failed before: dag/again-') },
        { state: 'success' },
      ],
    });
    expect(ran('again')).toEqual([1, 2]);

    expect((await ended(await backfill('again', { to: '2026-11-02', rerun: 'failed' }))).outcome).toMatchObject({
      counts: { skipped: 1, success: 1 },
    });
    expect(ran('again')).toEqual([1, 2, 1]);

    expect((await ended(await backfill('again', { to: '2026-11-02' }))).outcome?.outcome).toBe('nothing-to-do');
    expect((await ended(await backfill('again', { to: '2026-11-02', rerun: 'all' }))).outcome?.counts).toEqual({
      success: 2,
    });
    expect([...ran('again').slice(3)].sort()).toEqual([1, 2]);
  });

  it('is partial when some intervals failed', async () => {
    define('partial');
    stage.world.failing.add('partial');
    const handle = await backfill('partial', { maxActive: 1 });
    await until(() => ran('partial').length > 1);
    stage.world.failing.clear();
    const { kind, outcome } = await ended(handle);
    expect(kind).toBe('PARTIAL');
    expect(outcome?.counts.failed).toBeGreaterThan(0);
    expect(outcome?.intervals).toHaveLength(3);
  });

  it('reports an interval that its schedule is running, and names that run', async () => {
    define('busy');
    stage.world.held.add('busy');
    const workflowId = dagRunId('busy', day(2));
    const scheduled = await stage.start('runDag', workflowId, { dag: 'busy', interval: day(1), runType: 'scheduled' });
    await until(() => ran('busy').length === 1);
    const { outcome } = await ended(await backfill('busy', { to: '2026-11-01' }));
    expect(outcome?.intervals).toMatchObject([
      { state: 'skipped', reason: `Another run is at this interval: ${workflowId}` },
    ]);
    stage.world.held.clear();
    expect((await endOf<DagRunOutcome>(scheduled)).kind).toBe('returned');
  });

  it('refuses a wrong input', async () => {
    expect(await ended(await backfill('nowhere', { from: 'yesterday' }))).toMatchObject({ kind: 'SPEC_INVALID' });
  });

  it('case 52: cancelled, it cancels its runs, waits for them, and starts no other', async () => {
    define('cancelled');
    stage.world.held.add('cancelled');
    const handle = await backfill('cancelled', { maxActive: 2 });
    await until(() => ran('cancelled').length === 2);
    await handle.cancel();
    expect((await ended(handle)).kind).toBe('cancelled');
    expect(await handle.query<BackfillOutcome, []>('progress')).toMatchObject({
      outcome: 'cancelled',
      total: 3,
      counts: { cancelled: 2 },
    });
    expect(ran('cancelled')).toHaveLength(2);
    stage.world.held.clear();
  });
});
