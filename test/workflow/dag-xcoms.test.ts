import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DagRunOutcome } from '../../dag/run.ts';
import type { DagSpec } from '../../dag/spec.ts';
import { choose, dagSpec, work } from './dag-spec.ts';
import { type DagStage, openDagStage } from './dag-stage.ts';
import { endOf } from './run-end.ts';
import type { Handle } from './test-environment.ts';

let stage: DagStage;
beforeAll(async () => {
  stage = await openDagStage();
}, 60_000);
afterAll(async () => {
  await stage?.close();
});

async function start(spec: DagSpec): Promise<Handle> {
  return await stage.start('runDag', `dag/${spec.dagId}`, { spec, interval: '2026-11-24' });
}

describe('large XComs', () => {
  it('are refused to a task that is handed more than 256 KiB of XComs: the other tasks run', async () => {
    const large = Array.from({ length: 6 }, (_, each) => work(`large-${each}`, [], { give: 'x'.repeat(60_000) }));
    const all = large.map(({ taskId }) => taskId);
    const spec = dagSpec('handed', [
      ...large,
      work('few', all, { uses: 'large-0, large-1' }),
      work('many', all, { uses: all }),
      work('wide', [], { give: 'é'.repeat(40_000) }),
    ]);
    const { outcome } = await endOf<DagRunOutcome>(await start(spec));
    expect(outcome?.tasks).toEqual({ success: 7, failed: 2 });
    expect(outcome?.failures).toEqual([
      {
        taskId: 'many',
        code: 'SPEC_INVALID',
        message: expect.stringMatching(
          /^the XComs it is handed are 360012 bytes of JSON, and at most 262144 are allowed \(large-0: 60002, .* path of a file/,
        ),
      },
      {
        taskId: 'wide',
        code: 'SPEC_INVALID',
        message: 'its result is 80002 bytes of JSON; an XCom has at most 65536',
      },
    ]);
  });

  it('are handed over in several workflow tasks where they are many: one of these is a message of at most 4 MiB', async () => {
    const items = Array.from({ length: 20 }, (_, each) => each);
    const spec = dagSpec(
      'much',
      [
        work('list-a', [], { give: 'x'.repeat(60_000) }),
        work('list-b', [], { give: 'x'.repeat(60_000) }),
        choose('each', ['list-a', 'list-b'], ['list-a', 'list-b'], {
          expand: { over: items },
          triggerRule: 'all_done',
        }),
      ],
      { maxActiveTasks: 50 },
    );
    const handle = await start(spec);
    expect((await endOf<DagRunOutcome>(handle)).outcome?.failures).toHaveLength(20);
    const { events } = await handle.fetchHistory();
    const rendered = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityId?.startsWith('each/') ? String(scheduled.workflowTaskCompletedEventId) : [],
    );
    const atOnce = [...new Set(rendered)].map((id) => rendered.filter((each) => each === id).length);
    expect(rendered).toHaveLength(20);
    expect(Math.max(...atOnce)).toBe(9);
  });
});
