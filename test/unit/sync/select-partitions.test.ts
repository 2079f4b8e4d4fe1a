import { describe, expect, it } from '@jest/globals';
import { codeOf } from '../../../errors/ferry-error.ts';
import type { ResolvedSpec } from '../../../sync/outcome.ts';
import { selectPartitions } from '../../../sync/select-partitions.ts';
import { partitionOn, refusal, specOf, tableOn, twoClusters } from './two-clusters.ts';

const T = 'hdfs://a/warehouse/sales.db/orders';
const NAMES = ['1', '2', '10'].map((hour) => `dt=2026-01-01/hour=${hour}`);

async function select(over: Partial<Pick<ResolvedSpec, 'partitions' | 'where'>>) {
  const { catalogA, source, engine } = twoClusters();
  const table = tableOn('a');
  catalogA.putTable(table);
  for (const name of NAMES) {
    const hour = name.split('hour=')[1] ?? '';
    catalogA.putPartition(
      { database: 'sales', table: 'orders' },
      partitionOn('a', ['2026-01-01', hour], `${T}/${hour}`),
    );
  }
  return selectPartitions(engine, source, specOf(over), table);
}

describe('the selected partitions', () => {
  it('are all of them when nothing is said', async () => {
    const selected = await select({});
    expect([...selected.names].sort()).toEqual([...NAMES].sort());
    expect(selected.includes('dt=2026-01-02/hour=7')).toBe(true);
  });

  it('are the listed ones, sorted, each once', async () => {
    const [one = '', two = ''] = NAMES;
    const selected = await select({ partitions: [two, one, two] });
    expect(selected.names).toEqual([one, two]);
    expect(selected.includes('dt=2026-01-01/hour=10')).toBe(false);
  });

  it('that the source does not have are refused, all of them named', async () => {
    const error = await refusal(
      select({ partitions: ['dt=2026-01-01/hour=1', 'dt=2026-01-01/hour=01', 'dt=x/hour=y'] }),
    );
    expect(codeOf(error)).toBe('SPEC_INVALID');
    expect(error.message).toContain('a:sales.orders has no partition dt=2026-01-01/hour=01, dt=x/hour=y');
  });

  it('are those for which the predicate holds, compared by type', async () => {
    const selected = await select({ where: 'hour > 2' });
    expect(selected.names).toEqual(['dt=2026-01-01/hour=10']);
    expect(selected.includes('dt=2026-01-01/hour=11')).toBe(true);
    expect(selected.includes('dt=2026-01-01/hour=02')).toBe(false);
  });

  it('are the last ones in the order of their values, of those for which the predicate holds', async () => {
    expect((await select({ partitions: { last: 2 } })).names).toEqual([
      'dt=2026-01-01/hour=10',
      'dt=2026-01-01/hour=2',
    ]);
    expect((await select({ partitions: { last: 1 }, where: 'hour < 10' })).names).toEqual(['dt=2026-01-01/hour=2']);
  });
});
