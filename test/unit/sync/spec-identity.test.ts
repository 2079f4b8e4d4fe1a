import { describe, expect, it } from '@jest/globals';
import { checkSpec, resolveSpec, type SpecLimits } from '../../../sync/spec.ts';
import { sameSpec, specIdentity } from '../../../sync/spec-identity.ts';

const limits: SpecLimits = {
  clusters: { prod: { access: 'read' }, lake: { access: 'write' }, lab: { access: 'write' } },
  defaults: { nodes: { count: 4, memoryBytes: 2 ** 28 }, createDatabase: false },
  minNodeMemoryBytes: 2 ** 26,
  maxNodeMemoryBytes: 2 ** 29,
};

const good = { table: 'sales.orders', source: 'prod', target: 'lake' };

describe('the workflow id of a sync', () => {
  const id = (input: object) => specIdentity(checkSpec(input, limits));

  it('names the target and its table', () => {
    expect(id(good)).toMatch(/^sync\/lake\/sales\.orders\/[0-9a-f]{12}$/);
  });

  it.each<[string, object, boolean]>([
    ['other nodes', { ...good, nodes: { count: 9 } }, true],
    ['other options', { ...good, overwrite: 'diverged', rounds: 1 }, true],
    ['other letters', { ...good, table: 'SALES.orders' }, true],
    ['another source', { ...good, source: 'lab' }, false],
    ['another table', { ...good, table: 'sales.refunds' }, false],
    ['another target table', { ...good, target: { cluster: 'lake', table: 'x.y' } }, false],
    ['a selection', { ...good, partitions: ['dt=1'] }, false],
  ])('%s', (_, input, same) => {
    expect(id(input) === id(good)).toBe(same);
  });

  it('does not depend on the order of the partitions', () => {
    expect(id({ ...good, partitions: ['dt=1', 'dt=2'] })).toBe(id({ ...good, partitions: ['dt=2', 'dt=1', 'dt=1'] }));
  });
});

describe('comparing two specs', () => {
  const base = checkSpec(good, limits);

  it('finds no difference between two runs of one spec', () => {
    const context = { ...limits, identity: { runKey: 'k', workflowId: 'w', runId: 'r' } };
    expect(
      sameSpec(
        resolveSpec(good, context),
        resolveSpec(good, { ...context, identity: { runKey: 'l', workflowId: 'w', runId: 's' }, uiUrl: 'u' }),
      ),
    ).toEqual([]);
  });

  it('names the options that differ, in the order of the spec', () => {
    const other = checkSpec(
      { ...good, rounds: 1, nodes: { count: 5 }, target: { cluster: 'lake', location: '/x/y' }, partitions: ['a=1'] },
      limits,
    );
    expect(sameSpec(base, other)).toEqual(['target', 'partitions', 'nodes.count', 'rounds']);
  });
});
