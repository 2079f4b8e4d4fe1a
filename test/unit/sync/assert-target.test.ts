import { describe, expect, it } from '@jest/globals';
import { codeOf } from '../../../errors/ferry-error.ts';
import { MemoryFileSystem } from '../../../storage/memory-file-system.ts';
import { cleanTables } from '../../../sync/clean-tables.ts';
import type { Engine } from '../../../sync/engine.ts';
import { restorePartition } from '../../../sync/restore-partition.ts';
import { refusal, risingClock, twoClusters } from './two-clusters.ts';

class Gateway extends MemoryFileSystem {
  async unfitAsTarget(): Promise<string> {
    return 'HttpFS answers there';
  }
}

const OF = { database: 'sales', table: 'orders' };
const cleaning = (dryRun: boolean) => (engine: Engine) => cleanTables(engine, engine.open('b'), undefined, { dryRun });
const restoring = (engine: Engine) =>
  restorePartition(
    engine,
    engine.open('b'),
    { runKey: 'restore-1', workflowId: 'restore/b/sales.orders' },
    { of: OF, partition: 'dt=1' },
  );

describe.each<[string, (engine: Engine) => Promise<unknown>]>([
  ['cleaning', cleaning(false)],
  ['a dry run of cleaning', cleaning(true)],
  ['restoring', restoring],
])('%s is refused before anything is looked at', (_, act) => {
  it('where HttpFS answers', async () => {
    const b = new Gateway({ cluster: 'b', clock: risingClock() });
    const { engine } = twoClusters({ b });
    const error = await refusal(act(engine));
    expect([codeOf(error), error.message]).toEqual([
      'CONFIG_INVALID',
      'cluster b cannot be a target: HttpFS answers there',
    ]);
    expect(b.tree()).toEqual(['/']);
  });

  it('on a cluster that is only read', async () => {
    const { engine } = twoClusters({ targetAccess: 'read' });
    expect(codeOf(await refusal(act(engine)))).toBe('ACCESS_READ_ONLY');
  });
});
