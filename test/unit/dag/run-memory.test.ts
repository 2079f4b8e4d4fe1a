import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DagRunOutcomeKind, DagRunRecord } from '../../../dag/run.ts';
import {
  knownRunOf,
  type RunMemory,
  recordsOf,
  rememberedStarts,
  rememberRun,
  runThatCounts,
} from '../../../dag/run-memory.ts';
import { MemoryFileSystem } from '../../../storage/memory-file-system.ts';
import { dagRunRecord } from './dag-run-record.ts';

const START = '2026-11-24T03:00:00Z';
const { signal } = new AbortController();
const writing = { signal, uuid: randomUUID };

function record(outcome: DagRunOutcomeKind, endedAt: string, runId = `run-${endedAt}`): DagRunRecord {
  return dagRunRecord({ runId, outcome, startedAt: endedAt, endedAt });
}

describe('runThatCounts', () => {
  const outcomes = (...kinds: [DagRunOutcomeKind, string][]) =>
    kinds.map(([kind, endedAt]) => record(kind, endedAt).outcome);

  it.each([
    ['nothing', [], undefined],
    ['a run that had nothing to do', outcomes(['nothing-to-do', '3']), undefined],
    ['the last of failures', outcomes(['failed', '2'], ['failed', '1']), 'run-2'],
    ['a success before a later failure', outcomes(['success', '1'], ['failed', '2']), 'run-1'],
    ['the last success', outcomes(['success', '1'], ['success', '3'], ['cancelled', '2']), 'run-3'],
  ])('of %s', (_what, given, runId) => {
    expect(runThatCounts(given)?.runId).toBe(runId);
  });
});

describe('the memory of runs', () => {
  let memory: RunMemory;
  beforeEach(() => {
    memory = { files: new MemoryFileSystem({ cluster: 'b' }), controlRoot: '/user/etl/hive-ferry' };
  });

  it('knows nothing of an interval that never ran', async () => {
    expect(await knownRunOf(memory, 'orders_daily', START, signal)).toBeUndefined();
  });

  it('knows a run again by the start of its interval', async () => {
    const path = await rememberRun(memory, 'key-1', record('success', '2026-11-25T03:10:00Z'), writing);
    expect(path).toBe('/user/etl/hive-ferry/runs/orders_daily/2026-11-24T030000Z/key-1.json');
    expect(await knownRunOf(memory, 'orders_daily', START, signal)).toEqual({
      outcome: 'success',
      workflowId: 'dag/orders_daily-2026-11-25T03:00:00Z',
      runId: 'run-2026-11-25T03:10:00Z',
      endedAt: '2026-11-25T03:10:00Z',
    });
    expect(await knownRunOf(memory, 'orders', START, signal)).toBeUndefined();
  });

  it('keeps one record a run, the last, and the runs of an interval in their order', async () => {
    await rememberRun(memory, 'key-2', record('failed', '2026-11-25T04:00:00Z'), writing);
    await rememberRun(memory, 'key-1', record('failed', '2026-11-25T03:10:00Z'), writing);
    await rememberRun(memory, 'key-2', record('success', '2026-11-25T05:00:00Z'), writing);
    const kept = await recordsOf(memory, 'orders_daily', START, signal);
    expect(kept.map(({ outcome }) => [outcome.outcome, outcome.endedAt])).toEqual([
      ['failed', '2026-11-25T03:10:00Z'],
      ['success', '2026-11-25T05:00:00Z'],
    ]);
  });

  it('knows which intervals it holds, in order, and reads nothing else as one', async () => {
    const of = (start: string): DagRunRecord => {
      const { outcome } = record('success', start);
      return { outcome: { ...outcome, interval: { start, end: start } }, tasks: [] };
    };
    const starts = ['2026-11-02T03:00:00Z', '2026-11-01T03:00:00Z', '2026-11-01T03:00:00.250Z'];
    for (const start of starts) await rememberRun(memory, 'key', of(start), writing);
    await memory.files.mkdirs('/user/etl/hive-ferry/runs/orders_daily/notes');
    expect(await rememberedStarts(memory, 'orders_daily', signal)).toEqual([starts[1], starts[2], starts[0]]);
    expect(await rememberedStarts(memory, 'orders', signal)).toEqual([]);
  });
});
