import { describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../../activities/create-activities.ts';
import type { RunSettings } from '../../../activities/resolve-input.ts';
import type { ResolvedSpec } from '../../../sync/outcome.ts';

const LIMITS: RunSettings['limits'] = {
  clusters: { a: { access: 'read' }, b: { access: 'write' } },
  defaults: { nodes: { count: 4, memoryBytes: 256 * 2 ** 20 }, createDatabase: false },
  minNodeMemoryBytes: 64 * 2 ** 20,
  maxNodeMemoryBytes: 2 ** 30,
};
const RUN = { runKey: 'first-run', workflowId: 'sync/b/sales.orders/1', runId: 'this-run', taskQueue: 'ferry' };

function resolve(input: unknown, settings: Partial<RunSettings> = {}): Promise<ResolvedSpec> {
  const { resolveInput } = createActivities({
    open: () => {
      throw new Error('resolving asks no cluster');
    },
    settings: { limits: LIMITS, ...settings },
    dags: {
      load: async () => Promise.reject(new Error('no DAG')),
      activities: [],
      unsignedSpecs: false,
      historyMs: 400 * 86_400_000,
    },
    poolBytes: 2 ** 30,
  });
  const environment = new MockActivityEnvironment({ namespace: 'ferry space' }, { logger: new DefaultLogger('ERROR') });
  return environment.run(resolveInput, { input, run: RUN });
}

const INPUT = { table: 'sales.orders', source: 'a', target: 'b' };

describe('resolveInput', () => {
  it('records the run and the defaults', async () => {
    await expect(resolve(INPUT)).resolves.toMatchObject({
      engine: 1,
      runKey: 'first-run',
      workflowId: 'sync/b/sales.orders/1',
      runId: 'this-run',
      source: { cluster: 'a', database: 'sales', table: 'orders' },
      nodes: { count: 4, memoryBytes: 256 * 2 ** 20 },
      rounds: 3,
    });
  });

  it.each([
    ['left out', {}, undefined],
    ['another queue', { copyQueue: 'copies' }, 'copies'],
    ["the run's own queue", { copyQueue: 'ferry' }, undefined],
  ])('the copy queue is %s', async (_, settings, copyQueue) => {
    expect((await resolve(INPUT, settings)).copyQueue).toBe(copyQueue);
  });

  it('tells where the run can be looked at', async () => {
    const { uiUrl } = await resolve(INPUT, { ui: 'http://localhost:8233' });
    expect(uiUrl).toBe(
      'http://localhost:8233/namespaces/ferry%20space/workflows/sync%2Fb%2Fsales.orders%2F1/this-run/history',
    );
  });

  it.each([
    ['every problem of a wrong input', { tabel: 'sales.orders', source: 'c' }, 'SPEC_INVALID', /problems/],
    ['no input', undefined, 'SPEC_INVALID', /./],
    ['a target that may not be written', { ...INPUT, source: 'b', target: 'a' }, 'ACCESS_READ_ONLY', /read/],
  ])('refuses %s, and no attempt is made again', async (_, input, type, message) => {
    const resolving = resolve(input);
    await expect(resolving).rejects.toMatchObject({ type, nonRetryable: true });
    await expect(resolving).rejects.toThrow(message);
  });
});
