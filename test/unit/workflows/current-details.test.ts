import { describe, expect, it } from '@jest/globals';
import type { NodeResult } from '../../../sync/outcome.ts';
import { currentDetails, markdownText, type NodeState, type RunView } from '../../../workflows/current-details.ts';
import { NOTHING_TO_COPY, nodeRef, PLAN } from '../../workflow/fake-activities.ts';
import { OUTCOME, SPEC } from './run-values.ts';

const START: RunView = { spec: SPEC, pause: 'running', round: 0, nodes: new Map(), results: [] };

function result(index: number, over: Partial<NodeResult> = {}): NodeResult {
  return {
    index,
    round: 1,
    partitions: 4,
    published: 4,
    failed: 0,
    retryable: 0,
    files: { copied: 8, reused: 0 },
    bytes: { copied: 4 * 2 ** 20 },
    peakMemoryBytes: 1,
    budgetBytes: 1,
    seconds: 1,
    ...over,
  };
}

function withNodes(...states: NodeState[]): Pick<RunView, 'nodes' | 'results'> {
  return {
    nodes: new Map(states.map((state) => [state.node.index, state])),
    results: states.flatMap((state) => (state.state === 'done' ? [state.result] : [])),
  };
}

describe('markdownText keeps a value text', () => {
  it.each([
    ['dt=2026-01-01/region=eu', 'dt=2026-01-01/region=eu'],
    ['<script>alert(1)</script>', '&#60;script&#62;alert(1)&#60;/script&#62;'],
    ['a|b', 'a&#124;b'],
    ['a\\|b', 'a&#92;&#124;b'],
    ['&lt;', '&#38;lt;'],
    ['**bold** _it_ `code` ~~no~~', '\\*\\*bold\\*\\* \\_it\\_ \\`code\\` \\~\\~no\\~\\~'],
    ['![x](http://y)', '!\\[x\\](http://y)'],
    ['two\r\nlines', 'two lines'],
  ])('%s', (value, markdown) => {
    expect(markdownText(value)).toBe(markdown);
  });
});

/** The Markdown without what only sets the columns apart. */
function detailsOf(view: RunView): string {
  return currentDetails(view).replaceAll('&#160;&#160; |', ' |').replaceAll('&#160;', ' ');
}

describe('currentDetails', () => {
  it('sets columns apart, and keeps names and sizes on a line', () => {
    const lines = currentDetails({
      ...START,
      plan: PLAN,
      ...withNodes({ node: nodeRef(1), state: 'done', result: result(1) }),
    }).split('\n');
    expect(lines).toContain(
      '| plan&#160;nodes&#160;&#160; | done&#160;&#160; | 20 selected: 12 to copy, 8 unchanged · 3 nodes |',
    );
    expect(lines.at(-1)).toBe(
      '| 1&#160;&#160; | done, 4 published&#160;&#160; | 4&#160;&#160; | 8&#160;&#160; | 4&#160;MiB |',
    );
  });

  it('lists the steps of a run that has just started', () => {
    expect(detailsOf(START)).toBe(
      [
        '**sales.orders, a -&#62; b**',
        '',
        '| step | state |  |',
        '|---|---|---|',
        '| plan nodes |  |  |',
        '| ensure table |  |  |',
        '| load and write |  |  |',
        '| refresh metadata |  |  |',
        '| close the run |  |  |',
      ].join('\n'),
    );
  });

  it('shows what each step did and where each node is', () => {
    const view: RunView = {
      ...START,
      plan: PLAN,
      ensured: { created: true, location: 'hdfs://b:8020/w/orders', applied: [] },
      round: 1,
      ...withNodes(
        { node: nodeRef(1, { round: 2 }), state: 'loading' },
        { node: nodeRef(2), state: 'done', result: result(2, { published: 3, failed: 1 }) },
        { node: nodeRef(3), state: 'failed', code: 'QUOTA_EXCEEDED' },
      ),
    };
    expect(detailsOf(view).split('\n').slice(2)).toEqual([
      'The target table lies at hdfs://b:8020/w/orders',
      '',
      '| step | state |  |',
      '|---|---|---|',
      '| plan nodes | done | 20 selected: 12 to copy, 8 unchanged · 3 nodes |',
      '| ensure table | done | created |',
      '| load and write | running | round 1 of at most 3 · 2 of 3 nodes · 3 of 12 partitions · 4 MiB |',
      '| refresh metadata |  |  |',
      '| close the run |  |  |',
      '',
      '| node | state | partitions | files | size |',
      '|---|---|---|---|---|',
      '| 1 | loading, round 2 | 4 | 8 | 4 MiB |',
      '| 2 | done, 3 published, 1 failed | 4 | 8 | 4 MiB |',
      '| 3 | failed: QUOTA\\_EXCEEDED | 4 | 8 | 4 MiB |',
    ]);
  });

  it.each<readonly [string, Partial<RunView>, string]>([
    [
      'waits for a round',
      { waitingForRound: 2, ...withNodes({ node: nodeRef(1), state: 'done', result: result(1) }) },
      '| load and write | waiting | before round 2 of at most 3 · 1 of 1 node · 4 of 12 partitions · 4 MiB |',
    ],
    [
      'is being paused',
      { pause: 'pausing', ...withNodes({ node: nodeRef(1), state: 'loading' }) },
      '| load and write | pausing | round 1 of at most 3 · 0 of 1 node · 0 of 12 partitions · 0 B |',
    ],
    [
      'is paused',
      { pause: 'paused', ...withNodes({ node: nodeRef(1, { round: 2 }), state: 'paused' }) },
      '| 1 | paused, round 2 | 4 | 8 | 4 MiB |',
    ],
    [
      'says how a paused run goes on',
      { pause: 'paused' },
      '**Paused**: nothing is copied until the update `resume` (ferry resume) comes. What was copied is kept.',
    ],
    [
      'has loaded',
      withNodes({ node: nodeRef(1), state: 'done', result: result(1) }),
      '| load and write | done | round 1 of at most 3 · 1 of 1 node · 4 of 12 partitions · 4 MiB |',
    ],
    [
      'has nothing to load',
      { plan: { ...PLAN, ...NOTHING_TO_COPY }, refreshed: 'skipped' },
      '| load and write | not needed |  |',
    ],
    ['has nothing to refresh', { refreshed: 'skipped' }, '| refresh metadata | not needed |  |'],
    [
      'has refreshed',
      { refreshed: { registered: 12, altered: 1, unexpected: 2, pruned: 0 } },
      '| refresh metadata | done | 12 registered, 1 altered, 2 unexpected |',
    ],
    [
      'has changed the table',
      { ensured: { created: false, location: '/w', applied: ['add column a', 'add column b'] } },
      '| ensure table | done | add column a; add column b |',
    ],
  ])('%s', (_, over, row) => {
    expect(detailsOf({ ...START, plan: PLAN, round: 1, ...over }).split('\n')).toContain(row);
  });

  it('ends with the outcome and its failures, as text', () => {
    const failures = [
      { partition: '', code: 'TARGET_DIVERGED', message: 'changed', hint: 'h' },
      { partition: 'dt=<script>|x', code: 'SOURCE_OPEN', message: 'm'.repeat(400), hint: 'h' },
    ] as const;
    const lines = detailsOf({ ...START, plan: PLAN, outcome: { ...OUTCOME, outcome: 'partial', failures } }).split(
      '\n',
    );
    expect(lines).toContain('**partial**: 12 published, 8 unchanged, 0 failed, 0 diverged · 12 MiB copied');
    expect(lines.at(-2)).toBe('- **the whole table** TARGET\\_DIVERGED: changed');
    expect(lines.at(-1)).toBe(`- **dt=&#60;script&#62;&#124;x** SOURCE\\_OPEN: ${'m'.repeat(300)}...`);
  });

  it('stays small for a thousand nodes, and shows first those that need a look', () => {
    const states = Array.from({ length: 1000 }, (_, place): NodeState => {
      const node = nodeRef(place + 1, { of: 1000 });
      return place === 900
        ? { node, state: 'failed', code: 'CLAIMED' }
        : { node, state: 'done', result: result(place + 1) };
    });
    const details = detailsOf({ ...START, plan: PLAN, round: 1, ...withNodes(...states) });
    expect(details).toContain('| 901 | failed: CLAIMED |');
    expect(details).toContain('and 968 more nodes');
    expect(details.length).toBeLessThan(4_000);
  });
});
