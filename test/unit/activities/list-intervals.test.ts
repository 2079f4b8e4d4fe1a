import { describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../../activities/create-activities.ts';
import type { IntervalPage } from '../../../activities/dag-activities.ts';
import { dag } from '../../../dag/dag.ts';
import { intervalsOf } from '../../../dag/decide-interval.ts';
import { fileSensor } from '../../../dag/operators/file-sensor.ts';
import type { BackfillDagInput } from '../../../dag/run.ts';
import { NO_CLUSTERS } from './no-clusters.ts';

const RANGE = { from: '2026-01-01', to: '2026-03-31' };
const SPEC = dag('often', { schedule: '*/15 * * * *', startDate: '2026-01-02' }, (d) => {
  d.task('t', fileSensor({ cluster: 'a', path: '/x' }));
});

const SPEC_INTERVALS = intervalsOf(
  { dagId: 'often', schedule: '*/15 * * * *', timezone: 'UTC', startDate: '2026-01-02' },
  RANGE.from,
  RANGE.to,
);

/** The activities of a worker, with how often one of them let others work and beat. */
function worker() {
  const { listIntervals } = createActivities({
    open: () => {
      throw new Error('nothing is remembered anywhere');
    },
    settings: { limits: NO_CLUSTERS },
    dags: { load: async () => SPEC, unsignedSpecs: false, activities: [], historyMs: 400 * 86_400_000 },
    poolBytes: 1,
  });
  const list = async (more: Partial<BackfillDagInput>, before?: IntervalPage) => {
    const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    let turns = 0;
    let done = false;
    const turn = () => {
      turns += 1;
      if (!done) setImmediate(turn);
    };
    setImmediate(turn);
    const after = before?.intervals.at(-1)?.interval.start;
    const page: IntervalPage = await environment.run(listIntervals, {
      backfill: { dag: 'often', ...RANGE, ...more },
      ...(before === undefined ? {} : { dates: before.dates, after: after ?? '' }),
    });
    done = true;
    return { page, turns };
  };
  return list;
}

describe('the pages of a backfill', () => {
  it.each([{}, { reverse: true }])('are all of its intervals, in order (%p)', async (more) => {
    const list = worker();
    const starts: string[] = [];
    let page: IntervalPage | undefined;
    for (let goOn = true; goOn; goOn = page.more) {
      page = (await list(more, page)).page;
      expect(page.total).toBe(SPEC_INTERVALS.length);
      starts.push(...page.intervals.map(({ interval }) => interval.start));
    }
    const wanted = SPEC_INTERVALS.map(({ start }) => start);
    expect(starts).toEqual('reverse' in more ? wanted.toReversed() : wanted);
  });

  it('let the worker do other things while they are counted, which is done once', async () => {
    const list = worker();
    const first = await list({});
    expect(first.turns).toBeGreaterThan(SPEC_INTERVALS.length / 1_000);
    const second = await list({}, first.page);
    expect(second.turns).toBeLessThan(first.turns);
    expect(second.page.intervals[0]?.interval.start).toBe(first.page.intervals.at(-1)?.interval.end);
  });
});
