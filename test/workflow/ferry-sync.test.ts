import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pendingActivities, waitingSince } from '../../cli/pending.ts';
import { runFacts } from '../../cli/run-history.ts';
import { type Begun, beginSync, cancelSync, endOfSync } from '../../cli/sync-run.ts';
import type { TemporalClient } from '../../cli/temporal-client.ts';
import { checkSpec, type SpecChoices } from '../../sync/spec.ts';
import { specIdentity } from '../../sync/spec-identity.ts';
import type { SyncSpec } from '../../sync/spec-schema.ts';
import { untilStarted } from './run-end.ts';
import { openStage, type Stage } from './test-environment.ts';

let stage: Stage;
let temporal: TemporalClient;

beforeAll(async () => {
  stage = await openStage();
  const { client } = stage.environment;
  temporal = { client, address: stage.environment.address, namespace: client.options.namespace, close: async () => {} };
}, 60_000);
afterAll(async () => {
  await stage?.close();
});

const spec = (more: Partial<SyncSpec>): SpecChoices =>
  checkSpec(
    { table: 'sales.orders', source: 'a', target: 'b', ...more },
    {
      clusters: { a: { access: 'read' }, b: { access: 'write' } },
      defaults: { nodes: { count: 4, memoryBytes: 2 ** 28 }, createDatabase: false },
      minNodeMemoryBytes: 2 ** 26,
      maxNodeMemoryBytes: 2 ** 30,
    },
  );

/** A queue that nobody works on, so that what was started stays as it is. */
const IDLE = 'nobody';
const begin = (choices: SpecChoices) => beginSync(temporal.client, IDLE, choices);

async function begun(choices: SpecChoices): Promise<Exclude<Begun, { kind: 'conflict' }>> {
  const begun = await begin(choices);
  if (begun.kind === 'conflict') throw new Error(`in conflict: ${begun.differs.join()}`);
  return begun;
}

describe('ferry sync', () => {
  it('starts a run, joins it with the same options, and refuses other options by their names', async () => {
    const first = await begun(spec({ table: 'sales.one' }));
    const second = await begun(spec({ table: 'sales.one' }));
    expect([first.kind, second.kind, second.runId]).toEqual(['started', 'attached', first.runId]);
    const third = await begin(spec({ table: 'sales.one', rounds: 1, nodes: { count: 9 } }));
    expect(third).toMatchObject({ kind: 'conflict', runId: first.runId, differs: ['nodes.count', 'rounds'] });
    expect((await begun(spec({ table: 'sales.one', partitions: ['dt=1'] }))).kind).toBe('started');
  });

  it('does not join a run that it cannot compare itself with', async () => {
    const choices = spec({ table: 'sales.two' });
    const options = { workflowId: specIdentity(choices), taskQueue: IDLE, args: [{}] };
    const { firstExecutionRunId } = await temporal.client.workflow.start('syncTable', options);
    expect(await begin(choices)).toMatchObject({ kind: 'conflict', runId: firstExecutionRunId, differs: [] });
  });

  it('cancels a run that no worker has taken, and starts the next one under its id', async () => {
    const choices = spec({ table: 'sales.three' });
    const { handle, runId } = await begun(choices);
    await cancelSync(handle);
    expect(await endOfSync(handle)).toMatchObject({ kind: 'error', stopped: true });
    const next = await begun(choices);
    expect([next.kind, next.runId === runId]).toEqual(['started', false]);
  }, 20_000);

  it('starts with every option said, so that the defaults of the worker change nothing', async () => {
    const { handle } = await begun(spec({ table: 'sales.four' }));
    const [started] = (await handle.fetchHistory()).events ?? [];
    const data = started?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
    expect(JSON.parse(Buffer.from(data ?? []).toString())).toMatchObject({
      table: 'sales.four',
      target: { cluster: 'b', table: 'sales.four' },
      nodes: { count: 4, memory: '256MiB' },
      rounds: 3,
      createDatabase: false,
    });
  });
});

describe('what a run is seen to do', () => {
  it('tells the outcome of one that was not whole', async () => {
    const { handle } = await stage.start({ outcome: { outcome: 'partial' } });
    expect(await endOfSync(handle)).toMatchObject({ kind: 'outcome', outcome: { outcome: 'partial' } });
  });

  it('tells the wrong input by its code', async () => {
    const { handle } = await stage.start({ throws: { resolveInput: ['SPEC_INVALID', 'rounds: 0 is not'] } });
    expect(await endOfSync(handle)).toMatchObject({ kind: 'error', code: 'SPEC_INVALID', message: 'rounds: 0 is not' });
  });

  it('shows its nodes while they load, and tells the outcome of a cancelled one from its history', async () => {
    const { handle } = await stage.start({ loads: { 'load-2': 'until-cancelled' } });
    await untilStarted(handle, 'load-2');
    let description = await handle.describe();
    const load = () => pendingActivities(description).find(({ id }) => id === 'load-2');
    while (!load()?.running) description = await handle.describe();
    expect(load()).toMatchObject({ type: 'loadNode', attempt: 1 });
    expect(waitingSince(description)).toBeUndefined();
    const { planned } = runFacts((await handle.fetchHistory()).events ?? []);
    expect(planned.map(({ index, of }) => [index, of])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    await handle.cancel();
    expect(await endOfSync(handle)).toMatchObject({ kind: 'outcome', outcome: { outcome: 'cancelled' } });
  });
});
