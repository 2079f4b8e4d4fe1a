import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { BackfillOutcome, DagRunOutcome } from '../../dag/run.ts';
import { temporalBinary } from '../../lab/temporal-binary.ts';
import { gateId } from '../../workflows/dag-messages.ts';
import { dagSpec, work } from '../workflow/dag-spec.ts';
import { type DagStage, openDagStage } from '../workflow/dag-stage.ts';
import { endOf } from '../workflow/run-end.ts';

let stage: DagStage;
beforeAll(async () => {
  stage = await openDagStage({ open: shortHistories });
}, 120_000);
afterAll(async () => {
  await stage?.close();
});

/** A server that calls a history long after 60 events; it usually does so after 4,096. */
async function shortHistories(): Promise<TestWorkflowEnvironment> {
  const extraArgs = ['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=60'];
  const executable = { type: 'existing-path', path: await temporalBinary() } as const;
  return await TestWorkflowEnvironment.createLocal({ server: { executable, extraArgs } });
}

/** How many runs a workflow id has had. */
async function runsOf(workflowId: string): Promise<number> {
  let count = 0;
  const query = `WorkflowId = "${workflowId}"`;
  for await (const _ of stage.environment.client.workflow.list({ query })) count += 1;
  return count;
}

describe('a history that has grown long', () => {
  it('starts anew between the tasks of a DAG run: none runs twice, and XComs come along', async () => {
    const chain = Array.from({ length: 12 }, (_, place) => {
      const upstream = place === 0 ? [] : [`t${place - 1}`];
      return work(`t${place}`, upstream, { give: [place], uses: upstream });
    });
    const last = work('each', ['t0', 't11'], { uses: 't0 t11' }, { expand: { over: { xcom: 't11' } } });
    const handle = await stage.start('runDag', 'dag/long', { spec: dagSpec('long', [...chain, last]) });
    expect((await endOf<DagRunOutcome>(handle)).outcome).toMatchObject({
      outcome: 'success',
      tasks: { success: 13 },
    });
    expect(stage.world.workOf('dag/long')).toEqual([...chain.map(({ taskId }) => taskId), 'each/0']);
    expect(stage.world.worked.at(-1)?.input).toMatchObject({ item: 11, xcom: { t0: [0], t11: [11] } });
    expect(await runsOf('dag/long')).toBeGreaterThan(1);
  });

  it('starts anew in a backfill and in the gate that its runs go through: each interval runs once', async () => {
    stage.world.specs.set('filled', dagSpec('filled', [work('filled')], { maxActiveRuns: 4 }));
    const input = { dag: 'filled', from: '2026-11-01', to: '2026-11-20', maxActive: 3 };
    const handle = await stage.start('backfillDag', 'backfill/long', input);
    expect((await endOf<BackfillOutcome>(handle)).outcome).toMatchObject({ total: 20, counts: { success: 20 } });
    expect(stage.world.worked.filter(({ activityId }) => activityId === 'filled')).toHaveLength(20);
    expect(await runsOf('backfill/long')).toBeGreaterThan(1);
    expect(await runsOf(gateId('filled'))).toBeGreaterThan(1);
  });
});
