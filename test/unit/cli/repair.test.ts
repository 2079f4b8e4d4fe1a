import { describe, expect, it } from '@jest/globals';
import { percentOf } from '../../../cli/commands/verify.ts';
import { repairOf } from '../../../cli/repair.ts';
import { colorsFor } from '../../../cli/terminal.ts';
import { verifyReportText } from '../../../cli/verify-report.ts';
import type { Difference } from '../../../sync/verify.ts';
import { verifyTable } from '../../../sync/verify.ts';
import { bothSides, give, NAME, PATH, record } from '../sync/orders-on-both.ts';
import { specOf } from '../sync/two-clusters.ts';

const difference = (partition: string, kind: Difference['kind']): Difference => ({ partition, kind, detail: '' });

describe('the repair of what differs', () => {
  it('is a sync of exactly those partitions, by content, over what other hands changed', () => {
    const differences = [
      difference('dt=1', 'checksum'),
      difference('dt=1', 'file-extra'),
      difference('dt=2', 'partition-missing'),
      difference('dt=3', 'partition-extra'),
    ];
    const { input, extra } = repairOf({ differences }, specOf({ where: "dt < '9'", planDigest: 'x', rounds: 5 }));
    expect(input).toMatchObject({
      table: 'sales.orders',
      partitions: ['dt=1', 'dt=2'],
      compare: 'content',
      overwrite: 'diverged',
      rounds: 5,
    });
    expect(input).not.toHaveProperty('where');
    expect(input).not.toHaveProperty('planDigest');
    expect(extra).toEqual(['dt=3']);
  });

  it('of an unpartitioned table names no partition', () => {
    const { input } = repairOf({ differences: [difference('(whole table)', 'length')] }, specOf());
    expect(input).not.toHaveProperty('partitions');
  });

  it('is none when partitions are only too many', () => {
    expect(repairOf({ differences: [difference('dt=3', 'partition-extra')] }, specOf())).toEqual({ extra: ['dt=3'] });
  });
});

describe('--sample', () => {
  it.each([
    ['5%', 5],
    ['5', 5],
    ['0.5%', 0.5],
    ['100%', 100],
  ])('%s', (text, percent) => expect(percentOf(text)).toBe(percent));

  it.each(['0', '0%', '101%', '-5', 'five', '5 %', '5%%', ''])('%j is none', (text) =>
    expect(() => percentOf(text)).toThrow(/--sample: .* such as "5%"/),
  );

  it('reads a share of the partitions, says so, and still names what is missing', async () => {
    const world = await bothSides();
    for (const hour of ['1', '2', '3', '4', '5']) await give(world, hour);
    for (const hour of ['1', '2', '3', '4']) {
      await world.mirror(PATH(hour));
      await record(world, hour);
    }
    const report = await verifyTable(world.engine, specOf(), 'files', 50);
    expect(report).toMatchObject({ partitions: 2, files: 2, sample: { percent: 50, of: 4 }, identical: false });
    expect(report.differences).toMatchObject([{ partition: NAME('5'), kind: 'partition-missing' }]);
    const layout = { columns: 100, colors: colorsFor(false, {}) };
    expect(verifyReportText(report, layout)).toContain('2 of 4 partitions (a sample of 50%, the same each time)');
    expect(verifyReportText({ ...report, identical: true, differences: [] }, layout)).toContain(
      'identical in what was compared',
    );
  });
});
