import { dagSpec, sync, work } from '../workflow/dag-spec.ts';
import { type DagStage, until } from '../workflow/dag-stage.ts';
import { endOf, untilStarted } from '../workflow/run-end.ts';
import type { Handle } from '../workflow/test-environment.ts';

/** Plays a run whose history is kept, to its end. */
export type DagScenario = (stage: DagStage) => Promise<Handle>;

const interval = '2026-11-24';

export const DAG_SCENARIOS: Readonly<Record<string, DagScenario>> = {
  'dag-plain': async (stage) => {
    const tasks = [work('a', [], { give: 1 }), sync('orders', ['a']), work('b', ['orders'])];
    return await ended(await stage.start('runDag', 'dag/plain', { spec: dagSpec('plain', tasks), interval }));
  },
  'dag-failed-and-cleared': async (stage) => {
    stage.world.failing.add('bad').add('bad/try-2');
    const spec = dagSpec('cleared', [
      work('good'),
      work('bad', ['good'], {}, { retries: 1, retryDelaySeconds: 1 }),
      work('below', ['bad']),
    ]);
    const handle = await stage.start('runDag', 'dag/cleared', { spec: { ...spec, onFailure: 'wait' }, interval });
    await untilView(handle, '"phase":"waiting"');
    stage.world.failing.clear();
    await handle.executeUpdate('clear', { args: [{ tasks: ['bad'] }] });
    return await ended(handle);
  },
  'dag-mapped': async (stage) => {
    const tasks = [
      work('list', [], { give: ['x', 'y', 'z'] }),
      work('each', ['list'], {}, { expand: { over: { xcom: 'list' } } }),
      sync('tables', ['list'], { expand: { over: { xcom: 'list' } } }),
      work('end', ['each', 'tables'], { uses: 'each' }),
    ];
    const spec = dagSpec('mapped', tasks, { maxActiveTasks: 2 });
    return await ended(await stage.start('runDag', 'dag/mapped', { spec, interval }));
  },
  'dag-cancelled': async (stage) => {
    stage.world.held.add('slow');
    const tasks = [work('slow'), work('below', ['slow'])];
    const handle = await stage.start('runDag', 'dag/cancelled', { spec: dagSpec('cancelled', tasks), interval });
    await untilStarted(handle, 'slow');
    await handle.cancel();
    await ended(handle);
    stage.world.held.clear();
    return handle;
  },
  'dag-paused': async (stage) => {
    stage.world.held.add('slow');
    const tasks = [work('slow'), work('below', ['slow'])];
    const handle = await stage.start('runDag', 'dag/paused', { spec: dagSpec('paused', tasks), interval });
    await until(() => stage.world.workOf(handle.workflowId).includes('slow'));
    await handle.executeUpdate('pause');
    stage.world.held.clear();
    await untilView(handle, '"state":"scheduled"');
    await handle.executeUpdate('resume');
    return await ended(handle);
  },
  'dag-waiting': async (stage) => {
    stage.world.failing.add('bad');
    const spec = dagSpec('waiting', [work('bad')], { onFailure: 'wait', onEnd: { activity: 'hook', input: null } });
    const handle = await stage.start('runDag', 'dag/waiting', { spec, interval });
    await untilView(handle, '"phase":"waiting"');
    await handle.cancel();
    stage.world.failing.clear();
    return await ended(handle);
  },
  'dag-queued': async (stage) => {
    stage.world.held.add('slow');
    const spec = dagSpec('queued', [work('slow')], { maxActiveRuns: 1 });
    const first = await stage.start('runDag', 'dag/first', { spec, interval: '2026-11-23' });
    await until(() => stage.world.workOf(first.workflowId).includes('slow'));
    const handle = await stage.start('runDag', 'dag/queued', { spec, interval });
    await until(
      async () => (await handle.query<{ phase: string }, []>('state').catch(() => undefined))?.phase === 'queued',
    );
    await until(async () => JSON.stringify(await gateOf(stage, 'queued').query('state')).includes('dag/queued'));
    stage.world.held.clear();
    await ended(first);
    return await ended(handle);
  },
  'dag-gate': async (stage) => {
    const spec = dagSpec('gated', [work('a')], { maxActiveRuns: 1 });
    const runs = [1, 2].map((day) =>
      stage.start('runDag', `dag/gated-${day}`, { spec, interval: `2026-11-0${day}` }).then(ended),
    );
    await Promise.all(runs);
    return await ended(gateOf(stage, 'gated'));
  },
  'dag-backfill': async (stage) => {
    stage.world.specs.set('filled', dagSpec('filled', [work('a')]));
    const input = { dag: 'filled', from: '2026-11-01', to: '2026-11-06', maxActive: 2 };
    return await ended(await stage.start('backfillDag', 'backfill/filled', input));
  },
};

async function ended(handle: Handle): Promise<Handle> {
  await endOf(handle);
  return handle;
}

function gateOf({ environment }: DagStage, dagId: string): Handle {
  return environment.client.workflow.getHandle(`dag-gate/${dagId}`) as Handle;
}

async function untilView(handle: Handle, part: string): Promise<void> {
  await until(async () => JSON.stringify(await handle.query('state').catch(() => '')).includes(part));
}
