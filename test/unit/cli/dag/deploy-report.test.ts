import { describe, expect, it } from '@jest/globals';
import { deployEndReport, deployReport } from '../../../../cli/dag/deploy-report.ts';
import { colorsFor } from '../../../../cli/terminal.ts';
import { decideDeployments } from '../../../../dag/deployment.ts';
import { ordersDaily } from '../../dag/orders-daily.ts';

const NOW = '2026-11-26T08:00:00Z';
const colors = colorsFor(false, {});
const SPEC = ordersDaily();

function report(local: readonly (typeof SPEC)[], columns = 100): string {
  const gone = { dagId: 'old', paused: false, recent: [] };
  const wish = { local, deployed: [gone], taskQueue: 'q', signature: () => 's', prune: false, now: NOW };
  return deployReport(decideDeployments(wish), { columns, colors, now: NOW });
}

describe('what a deploy tells before it acts', () => {
  it('is a line a DAG, what differs and what is run at once below it, and how many of each', () => {
    const { schedule: _, startDate: __, ...byHand } = SPEC;
    const newest = { ...SPEC, dagId: 'newest', catchup: false };
    expect(report([SPEC, newest, { ...byHand, dagId: 'by_hand', catchup: false }])).toBe(
      `
· by_hand       by-hand
    it has no schedule; ferry dag trigger starts its runs
+ newest        create
    0 3 * * * (UTC); next run 2026-11-27T03:00:00Z
    runs the newest complete interval: 2026-11-25T03:00:00Z to 2026-11-26T03:00:00Z
‖ old           pause
    no file has it any more; --prune removes its schedule
+ orders_daily  create
    0 3 * * * (UTC); next run 2026-11-27T03:00:00Z
    catches up 25 intervals, 2026-11-01T03:00:00Z to 2026-11-25T03:00:00Z, by a backfill; those that
    have run are passed over
2 create, 1 pause, 1 by-hand`.trimStart(),
    );
  });

  it('says when the first run is later than the schedule would have it, or none is to come', () => {
    const next = (fields: Partial<typeof SPEC>) =>
      /next run \S+|no run to come.*/.exec(report([{ ...SPEC, ...fields }]))?.[0];
    expect(next({ startDate: '2026-12-01T00:00:00Z' })).toBe('next run 2026-12-02T03:00:00Z');
    expect(next({ endDate: '2026-11-10T00:00:00Z' })).toBe('no run to come: endDate was 2026-11-10T00:00:00Z');
  });

  it('stays within 60 columns', () => {
    for (const line of report([SPEC], 60).split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  });
});

describe('what a deploy tells when it has acted', () => {
  it('names what failed, the backfills, and the command that goes on', () => {
    const ends = new Map([
      ['a', { action: 'create', backfill: 'dag-backfill/a/x/y' }],
      ['b', { action: 'remove', error: 'b: remove failed (Temporal at h:1, namespace n): no' }],
    ] as const);
    expect(deployEndReport(ends, { again: 'ferry dag deploy --yes', colors })).toBe(
      [
        '✗ b: remove failed (Temporal at h:1, namespace n): no',
        'A backfill goes on: dag-backfill/a/x/y',
        '1 schedule changed, 1 not.',
        '  To try the others again: ferry dag deploy --yes',
      ].join('\n'),
    );
  });
});
