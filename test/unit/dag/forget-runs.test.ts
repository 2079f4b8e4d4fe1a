import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { forgetRuns } from '../../../dag/forget-runs.ts';
import { type RunMemory, rememberedStarts, rememberRun } from '../../../dag/run-memory.ts';
import { MemoryFileSystem } from '../../../storage/memory-file-system.ts';
import { dagRunRecord } from './dag-run-record.ts';

const { signal } = new AbortController();
const at = (date: string) => Date.parse(`${date}T00:00:00Z`);
const BEFORE = at('2026-06-01');

describe('forgetting runs', () => {
  let now: number;
  let memory: RunMemory;
  beforeEach(() => {
    memory = { files: new MemoryFileSystem({ cluster: 'b', clock: () => now }), controlRoot: '/user/etl/hive-ferry' };
  });

  async function remember(dagId: string, start: string, ended: string, runKey = 'key'): Promise<void> {
    now = at(ended);
    const interval = { start: `${start}T00:00:00Z`, end: `${start}T00:00:00Z` };
    const record = dagRunRecord({ dagId, interval });
    await rememberRun(memory, runKey, record, { signal, uuid: randomUUID });
  }

  let beats: number;
  const forget = (dryRun: boolean) => {
    beats = 0;
    return forgetRuns(memory, BEFORE, {
      dryRun,
      signal,
      heartbeat: () => {
        beats += 1;
      },
    });
  };
  const known = async (dagId: string) => (await rememberedStarts(memory, dagId, signal)).map((at) => at.slice(0, 10));

  it('forgets nothing where nothing ever ran', async () => {
    expect(await forget(false)).toBe(0);
  });

  it('goes by when a run was remembered, not by its interval, of every DAG; the second time nothing is left to do', async () => {
    await remember('orders', '2026-01-01', '2026-01-02');
    await remember('orders', '2026-01-02', '2026-07-01');
    await remember('orders', '2026-06-30', '2026-07-01');
    await remember('clicks', '2026-01-01', '2026-05-31');
    expect(await forget(true)).toBe(2);
    expect(beats).toBeGreaterThanOrEqual(4);
    expect([await known('orders'), await known('clicks')]).toEqual([
      ['2026-01-01', '2026-01-02', '2026-06-30'],
      ['2026-01-01'],
    ]);
    expect(await forget(false)).toBe(2);
    expect([await known('orders'), await known('clicks')]).toEqual([['2026-01-02', '2026-06-30'], []]);
    expect(await forget(false)).toBe(0);
  });

  it('keeps all runs of an interval as long as the last of them', async () => {
    await remember('orders', '2026-01-01', '2026-01-02', 'first');
    await remember('orders', '2026-01-01', '2026-07-01', 'second');
    expect(await forget(false)).toBe(0);
    // The time of a record that was replaced is younger than that of the folder it lies in.
    await memory.files.setModificationTime('/user/etl/hive-ferry/runs/orders/2026-01-01T000000Z', at('2026-01-02'));
    expect(await forget(false)).toBe(0);
    expect(await known('orders')).toEqual(['2026-01-01']);
  });

  it('leaves alone what is no interval', async () => {
    now = at('2026-01-01');
    await memory.files.mkdirs('/user/etl/hive-ferry/runs/orders/notes');
    expect(await forget(false)).toBe(0);
    expect((await memory.files.status('/user/etl/hive-ferry/runs/orders/notes'))?.kind).toBe('folder');
  });
});
