import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BackfillOutcome, DagRunOutcome } from '../../dag/run.ts';
import { dagSpec, work } from './dag-spec.ts';
import { type DagStage, openDagStage, until } from './dag-stage.ts';
import { endOf } from './run-end.ts';

let stage: DagStage;
beforeAll(async () => {
  stage = await openDagStage({ cached: false });
}, 60_000);
afterAll(async () => {
  await stage?.close();
});

const retried = { retries: 1, retryDelaySeconds: 1 };

describe('when a worker is lost', () => {
  it('a DAG run goes on where it was', async () => {
    stage.world.held.add('slow');
    const spec = dagSpec('survivor', [work('a'), work('slow', ['a'], {}, retried), work('b', ['slow'])]);
    const handle = await stage.start('runDag', 'dag/survivor', { spec });
    await until(() => stage.world.workOf('dag/survivor').includes('slow'));
    await stage.replaceWorker();
    stage.world.held.clear();
    expect((await endOf<DagRunOutcome>(handle)).outcome).toMatchObject({
      outcome: 'success',
      tasks: { success: 3 },
    });
    expect(stage.world.workOf('dag/survivor')).toEqual(['a', 'slow', 'slow/try-2', 'b']);
  });

  it('case 38: a backfill goes on, and each of its intervals runs to its end', async () => {
    stage.world.specs.set(
      'resumed',
      dagSpec('resumed', [work('once'), work('slow', ['once'], {}, retried)], { maxActiveRuns: 3 }),
    );
    stage.world.held.add('slow');
    const input = { dag: 'resumed', from: '2026-11-01', to: '2026-11-06', maxActive: 2 };
    const handle = await stage.start('backfillDag', 'backfill/resumed', input);
    const calls = (id: string) =>
      stage.world.worked.filter(
        ({ workflowId, activityId }) => workflowId.startsWith('dag/resumed') && activityId === id,
      );
    await until(() => calls('slow').length === 2);
    await stage.replaceWorker();
    stage.world.held.clear();
    expect((await endOf<BackfillOutcome>(handle)).outcome).toMatchObject({
      outcome: 'complete',
      total: 6,
      counts: { success: 6 },
    });
    expect(calls('once')).toHaveLength(6);
  });
});
