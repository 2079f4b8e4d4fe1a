import { describe, expect, it } from '@jest/globals';
import { busiest, progressLines, progressLogLine } from '../../../cli/progress.ts';
import {
  foldProgress,
  NO_FACTS,
  NO_PROGRESS,
  type PendingActivity,
  type ProgressState,
  type RunFacts,
  viewProgress,
} from '../../../cli/run-progress.ts';
import { colorsFor } from '../../../cli/terminal.ts';
import type { NodeRef, NodeResult } from '../../../sync/outcome.ts';

const MIB = 2 ** 20;
const plain = colorsFor(false, {});

const load = (
  index: number,
  doneMib: number,
  more: Partial<PendingActivity> & { of?: number; round?: number } = {},
): PendingActivity => {
  const { of = 2, round = 1, ...rest } = more;
  return {
    id: round === 1 ? `load-${index}` : `load-${index}-r${round}`,
    type: 'loadNode',
    running: true,
    attempt: 1,
    progress: {
      index,
      of,
      partitions: { done: Math.floor(doneMib / 10), total: 10 },
      files: { done: doneMib, total: 100 },
      bytes: { done: doneMib * MIB, total: 100 * MIB },
      current: 'dt=2026-01-01',
    },
    ...rest,
  };
};

const silent = (index: number, running = false): PendingActivity => ({
  id: `load-${index}`,
  type: 'loadNode',
  running,
  attempt: 1,
});

/** One description a second, all with the same history. */
const described = (...descriptions: readonly PendingActivity[][]): ProgressState =>
  withFacts(NO_FACTS, ...descriptions);
const withFacts = (facts: RunFacts, ...descriptions: readonly PendingActivity[][]): ProgressState =>
  descriptions.reduce((state, pending, second) => foldProgress(state, pending, facts, second * 1000), NO_PROGRESS);

const planned = (index: number, of: number, round = 1): NodeRef => ({
  index,
  of,
  round,
  manifest: '0',
  partitions: 10,
  files: 100,
  bytes: 100 * MIB,
});

const result = (index: number, failed: number, copiedMib: number, round = 1): NodeResult => ({
  index,
  round,
  partitions: 10,
  published: 10 - failed,
  failed,
  retryable: failed,
  files: { copied: 1, reused: 0 },
  bytes: { copied: copiedMib * MIB },
  peakMemoryBytes: 1,
  budgetBytes: 1,
  seconds: 1,
});

const factsOf = (nodes: readonly NodeRef[], results: readonly NodeResult[] = []): RunFacts => ({
  ...NO_FACTS,
  planned: nodes,
  results,
});

describe('what is read from descriptions of a run', () => {
  it('names the phase by the step under way', () => {
    const phase = (...types: string[]) =>
      viewProgress(described(types.map((type) => ({ id: type, type, running: true, attempt: 1 })))).phase;
    const steps = ['resolveInput', 'planNodes', 'ensureTable', 'loadNode', 'planRound', 'refreshMetadata', 'closeRun'];
    expect([phase(), ...steps.map((step) => phase(step))]).toEqual([
      'waiting',
      'checking the input',
      'planning nodes',
      'ensuring the table',
      'copying',
      'planning the next round',
      'refreshing metadata',
      'closing the run',
    ]);
  });

  it('says that a run is paused, and shows the nodes that it let go as waiting', () => {
    const before = described([load(1, 0), load(2, 0)], [load(1, 10), load(2, 20)]);
    const pausing = foldProgress(before, [load(1, 20)], { ...NO_FACTS, pause: 'pausing' }, 2000);
    const paused = foldProgress(pausing, [], { ...NO_FACTS, pause: 'paused' }, 3000);
    expect([viewProgress(pausing).phase, viewProgress(paused).phase]).toEqual(['pausing', 'paused']);
    expect(viewProgress(paused)).toMatchObject({ rate: 0, bytes: { done: 40 * MIB, total: 200 * MIB } });
    expect(viewProgress(paused).nodes.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
  });

  it('adds up the nodes, with their speed and the time that is left', () => {
    const view = viewProgress(
      described([load(1, 0), load(2, 0)], [load(1, 10), load(2, 20)], [load(1, 20), load(2, 40)]),
    );
    expect(view).toMatchObject({
      of: 2,
      partitions: { done: 6, total: 20 },
      bytes: { done: 60 * MIB, total: 200 * MIB },
      rate: 30 * MIB,
    });
    expect(view.etaSeconds).toBeCloseTo(140 / 30);
    expect(view.nodes.map(({ rate }) => rate)).toEqual([10 * MIB, 20 * MIB]);
  });

  it('estimates nothing while it does not know what a node carries', () => {
    const both = [load(1, 0), silent(2)];
    expect(viewProgress(described(both, [load(1, 10), silent(2)])).etaSeconds).toBeUndefined();
    const facts = factsOf([planned(1, 2), planned(2, 2)]);
    expect(viewProgress(withFacts(facts, both, [load(1, 10), silent(2)])).etaSeconds).toBeCloseTo(19);
  });

  it('shows the nodes of the plan before they have begun', () => {
    const view = viewProgress(withFacts(factsOf([planned(1, 2), planned(2, 2)]), []));
    expect(view).toMatchObject({ of: 2, partitions: { done: 0, total: 20 }, bytes: { done: 0, total: 200 * MIB } });
    expect(view.nodes.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
  });

  it('takes from the history what an ended node did', () => {
    const facts = factsOf([planned(1, 3), planned(2, 3), planned(3, 3)], [result(1, 0, 60), result(2, 4, 55)]);
    const view = viewProgress(withFacts(facts, [load(1, 50), load(2, 50)], [load(3, 10)]));
    expect(view.nodes).toMatchObject([
      { state: 'ended', failed: 0, counts: { partitions: { done: 10, total: 10 }, bytes: { done: 100 * MIB } } },
      { state: 'ended', failed: 4, counts: { partitions: { done: 6, total: 10 }, bytes: { done: 55 * MIB } } },
      { state: 'loading', failed: 0, counts: { bytes: { done: 10 * MIB } } },
    ]);
  });

  it('claims nothing for a node that ended without a result', () => {
    const view = viewProgress(described([load(1, 50), load(2, 50)], [load(2, 60)]));
    expect(view.nodes.map(({ state }) => state)).toEqual(['ended', 'loading']);
    expect(view.bytes.done).toBe(110 * MIB);
  });

  it('measures the speed of the last ten seconds only', () => {
    const steps = Array.from({ length: 31 }, (_, second) => [load(1, Math.min(second, 20), { of: 1 })]);
    expect(viewProgress(described(...steps)).rate).toBe(0);
  });

  it('starts to measure anew when an attempt starts anew, and keeps what was known until it speaks', () => {
    const retry = { ...silent(1, true), attempt: 2 };
    const waiting = viewProgress(described([load(1, 40)], [load(1, 50)], [retry]));
    expect(waiting.nodes[0]).toMatchObject({ attempt: 2, counts: { bytes: { done: 50 * MIB } } });
    const restarted = viewProgress(
      described([load(1, 40)], [load(1, 50)], [load(1, 5, { attempt: 2 })], [load(1, 6, { attempt: 2 })]),
    );
    expect(restarted.rate).toBe(MIB);
  });

  it('counts a later round by itself', () => {
    const view = viewProgress(described([load(1, 90), load(2, 90)], [], [load(2, 10, { round: 2, of: 1 })]));
    expect(view.nodes.map(({ index }) => index)).toEqual([2]);
    expect(view.bytes.total).toBe(100 * MIB);
    const facts = factsOf([planned(2, 1, 2)], [result(1, 0, 90), result(2, 10, 0), result(2, 0, 10, 2)]);
    expect(viewProgress(withFacts(facts, []))).toMatchObject({ of: 1, partitions: { done: 10, total: 10 } });
  });

  it('says what is being tried again and why', () => {
    const pending = [
      { id: 'plan', type: 'planNodes', running: false, attempt: 4, lastFailure: 'UNREACHABLE: nn1:9870' },
    ];
    expect(viewProgress(described(pending)).retries).toEqual(['plan, attempt 4: UNREACHABLE: nn1:9870']);
  });
});

describe('the live lines', () => {
  const three = { of: 3 };
  const view = viewProgress(
    withFacts(
      factsOf(
        [1, 2, 3].map((index) => planned(index, 3)),
        [result(2, 0, 100)],
      ),
      [load(1, 10, three), load(2, 80, three), silent(3)],
      [load(1, 20, three), load(2, 90, three), silent(3)],
      [load(1, 30, three), silent(3)],
    ),
  );

  it('at 100 columns', () => {
    expect(progressLines(view, 100, plain)).toEqual([
      'copying · 13/30 partitions · 130 MiB of 300 MiB · 10 MiB/s · ETA 17s · 1/3 nodes ended',
      'node 1/3  ███████████░░░░░░░░░░░░░░░░░░░░░░░░░  3/10 partitions  30 MiB of 100 MiB  10 MiB/s  ETA 7s',
      'node 2/3  ████████████████████████████████████████  10/10 partitions  100 MiB  ended',
      'node 3/3  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0/10 partitions  0 B of 100 MiB  waiting',
    ]);
  });

  it('at 60 columns', () => {
    expect(progressLines(view, 60, plain)).toEqual([
      'copying · 13/30 partitions · 130 MiB of 300 MiB · 10 MiB/s',
      'node 1/3  ████████░░░░░░░░░░░░░░░░░░  3/10  30 MiB  10 MiB/s',
      'node 2/3  ████████████████  10/10 partitions  100 MiB  ended',
      'node 3/3  ░░░░░░░░░░░░░░░░░░░  0/10 partitions  0 B  waiting',
    ]);
  });

  it.each([200, 100, 80, 60, 40, 30, 20])('never wider than %d columns', (columns) => {
    for (const line of progressLines(view, columns, plain)) expect(line.length).toBeLessThanOrEqual(columns);
  });

  it('without an escape code when colours are off, with them when they are on', () => {
    const code = String.fromCharCode(27);
    expect(progressLines(view, 100, plain).join('')).not.toContain(code);
    expect(progressLines(view, 100, colorsFor(true, {})).join('')).toContain(code);
  });

  it('shows the busiest ten of many nodes, and how many are left out', () => {
    const many = viewProgress(
      described(
        Array.from({ length: 16 }, (_, index) => load(index + 1, 0, { of: 16 })),
        Array.from({ length: 16 }, (_, index) => load(index + 1, index === 15 ? 0 : index, { of: 16 })),
      ),
    );
    expect(busiest(many.nodes).map(({ index }) => index)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    const lines = progressLines(many, 100, plain);
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe('and 6 more nodes');
    expect(lines[0]).toContain('0/16 nodes ended');
  });

  it('says what is being tried again', () => {
    const retrying = viewProgress(
      described([load(1, 10, { lastFailure: 'UNREACHABLE: 127.0.0.1:9870 does not answer', attempt: 2 })]),
    );
    expect(progressLines(retrying, 60, plain).at(-1)).toBe(
      'retrying load-1, attempt 2: UNREACHABLE: 127.0.0.1:9870 doe…',
    );
  });
});

it('does not count what no node has told yet', () => {
  expect(progressLines(viewProgress(described([silent(1, true), silent(2)])), 60, plain)).toEqual([
    'copying · 2 nodes',
    'node 1  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  starting',
    'node 2  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  waiting',
  ]);
});

it('writes a log line with all of it and nothing else', () => {
  const view = viewProgress(described([load(1, 10), load(2, 10)], [load(1, 20), load(2, 20)]));
  expect(progressLogLine(view, new Date('2026-11-25T12:30:05.123Z'))).toBe(
    '12:30:05 copying · 4/20 partitions · 40 MiB of 200 MiB · 20 MiB/s · ETA 8s · 0/2 nodes ended',
  );
});
