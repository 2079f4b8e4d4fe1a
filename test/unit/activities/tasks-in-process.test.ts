import { describe, expect, it } from '@jest/globals';
import { tasksInProcess } from '../../../activities/tasks-in-process.ts';
import type { SpecLimits } from '../../../sync/spec.ts';
import { bothSides, give, PATH } from '../sync/orders-on-both.ts';

const LIMITS: SpecLimits = {
  clusters: { a: { access: 'read' }, b: { access: 'write' } },
  defaults: { nodes: { count: 1, memoryBytes: 64 * 2 ** 20 }, createDatabase: false },
  minNodeMemoryBytes: 64 * 2 ** 20,
  maxNodeMemoryBytes: 2 ** 30,
};
const { signal } = new AbortController();

async function tasks() {
  const world = await bothSides();
  const { open } = world.engine;
  return { world, ...tasksInProcess({ open, limits: LIMITS, poolBytes: 2 ** 30 }) };
}

describe('tasks in this process', () => {
  it('sync a table, and copy nothing again', async () => {
    const { world, sync } = await tasks();
    await give(world, '1');
    const input = { table: 'sales.orders', source: 'a', target: 'b', publish: 'swap' };
    expect(await sync(input, signal)).toMatchObject({ outcome: 'complete', files: { copied: 1 } });
    expect(world.b.readFile(`${PATH('1')}/f`)?.toString()).toBe('rows of 1');
    expect(await sync(input, signal)).toMatchObject({ outcome: 'nothing-to-do', files: { copied: 0 } });
  });

  it('reject a sync whose input is wrong', async () => {
    const { sync } = await tasks();
    await expect(sync({ table: 'sales.orders', source: 'a', target: 'c' }, signal)).rejects.toMatchObject({
      code: 'SPEC_INVALID',
    });
  });

  it('have a sensor look until it is there', async () => {
    const { world, call } = await tasks();
    const waiting = call('fileSensor', { cluster: 'b', path: '/in/_SUCCESS', every: '1s', timeout: '1m' }, signal);
    setTimeout(() => void world.lay('b', '/in', { _SUCCESS: '' }), 100);
    expect(await waiting).toMatchObject({ path: '/in/_SUCCESS', waitedSeconds: 1 });
  });

  it('fail as in a run', async () => {
    const { call } = await tasks();
    const input = { cluster: 'b', path: '/in', every: '1s', timeout: '0s' };
    await expect(call('fileSensor', input, signal)).rejects.toMatchObject({ type: 'SENSOR_TIMEOUT' });
    await expect(call('hiveQuery', { cluster: 'b', query: 'select 1' }, signal)).rejects.toMatchObject({
      type: 'SPEC_INVALID',
      message: expect.stringContaining('b names no hiveserver2'),
    });
  });

  it('end a wait with the reason of the signal', async () => {
    const { call } = await tasks();
    const stopping = new AbortController();
    const input = { cluster: 'b', path: '/in', every: '1m', timeout: '1h' };
    const waiting = call('fileSensor', input, stopping.signal);
    setTimeout(() => stopping.abort(new Error('told to stop')), 50);
    await expect(waiting).rejects.toThrow('told to stop');
  });
});
