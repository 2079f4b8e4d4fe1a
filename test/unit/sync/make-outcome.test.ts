import { describe, expect, it } from '@jest/globals';
import { CODES, type Code } from '../../../errors/codes.ts';
import type { Finding } from '../../../sync/compare.ts';
import type { LedgerEntry, PartitionStory } from '../../../sync/ledger.ts';
import { foldNodes, outcomeFailures, outcomeOf, type RunFacts, selectionOf } from '../../../sync/make-outcome.ts';
import type { Ending, NodeResult, Outcome, OutcomeKind } from '../../../sync/outcome.ts';
import type { PlannedPartition } from '../../../sync/plan.ts';
import { shortStatements } from '../../../sync/short-texts.ts';
import { specOf } from './two-clusters.ts';

const COUNTS = { filesCopied: 2, filesReused: 1, bytesCopied: 100 };
const AT = { at: '2026-11-01T00:00:00.000Z', node: 1, round: 1, attempt: 'u1' };

function planned(name: string, finding: Finding, over: Partial<PlannedPartition> = {}): PlannedPartition {
  return {
    name,
    values: [name.slice(3)],
    k: name,
    finding,
    from: `/a/${name}`,
    live: `/b/${name}`,
    to: `/b/${name}`,
    stageRoot: '/b/.hive-ferry',
    files: 3,
    bytes: 150,
    sourceDigest: 'd',
    ...over,
  };
}

type Told = 'landed' | 'present' | 'unregistered' | 'landed, unregistered' | Code;

function storyOf(partition: string, told: Told): PartitionStory {
  const story = { partition, publishing: [], ...COUNTS };
  const entry = { ...AT, partition, ...COUNTS };
  const landed = { ...entry, event: 'landed', digest: 'd', to: `/b/${partition}` } satisfies LedgerEntry;
  switch (told) {
    case 'landed':
      return { ...story, landed };
    case 'present':
      return { ...story, present: { ...entry, event: 'present', digest: 'd' } };
    case 'unregistered':
      return { ...story, filesCopied: 0, filesReused: 0, bytesCopied: 0, unregistered: 'it is at hdfs://b/else' };
    case 'landed, unregistered':
      return { ...story, landed, unregistered: 'it is at hdfs://b/else' };
    default:
      return { ...story, failed: { ...entry, event: 'failed', code: told, message: `says ${told}` } };
  }
}

/** Partitions in the order given: what the plan found, and what the ledger tells. */
function facts(...partitions: readonly (readonly [Finding, Told?])[]): RunFacts {
  const all = partitions.map(([finding, told], place) => ({ name: `dt=${place}`, finding, told }));
  return {
    partitions: all.map(({ name, finding }) => planned(name, finding)),
    stories: new Map(all.flatMap(({ name, told }) => (told ? [[name, storyOf(name, told)] as const] : []))),
    endedAt: new Date('2026-11-01T00:01:30.000Z'),
  };
}

const ENDING: Ending = { startedAt: '2026-11-01T00:00:00.000Z', rounds: 1, cancelled: false, nodes: [] };
const DOWN = { code: 'UNREACHABLE', message: 'nn1 is down', hint: 'start it', beforeAnyByte: false } as const;

function outcome(of: RunFacts, ending: Partial<Ending> = {}): Outcome {
  return outcomeOf(specOf(), of, { ...ENDING, ...ending }, '/user/root/hive-ferry/run-1/failures.jsonl');
}

type Counts = readonly [unchanged: number, published: number, diverged: number, failed: number, skipped?: number];
type Case = readonly [what: string, RunFacts, Partial<Ending>, OutcomeKind, Counts];

const CASES: readonly Case[] = [
  ['nothing is selected', facts(), {}, 'nothing-to-do', [0, 0, 0, 0]],
  ['all is unchanged', facts(['unchanged'], ['unchanged']), {}, 'nothing-to-do', [2, 0, 0, 0]],
  ['only the catalog had to learn', facts(['register'], ['unchanged']), {}, 'nothing-to-do', [2, 0, 0, 0]],
  ['an empty table was created', facts(), { table: { created: true, drift: [] } }, 'complete', [0, 0, 0, 0]],
  [
    'the target table was as it should be',
    facts(['unchanged']),
    { table: { created: false, drift: [] } },
    'nothing-to-do',
    [1, 0, 0, 0],
  ],
  [
    'only a column was added',
    facts(['unchanged']),
    { table: { created: false, drift: ['ALTER TABLE t ADD COLUMNS (c int) CASCADE'] } },
    'complete',
    [1, 0, 0, 0],
  ],
  ['all was copied', facts(['new', 'landed'], ['changed', 'landed']), {}, 'complete', [0, 2, 0, 0]],
  ['one was copied', facts(['new', 'landed'], ['unchanged']), {}, 'complete', [1, 1, 0, 0]],
  ['others put the same in place meanwhile', facts(['changed', 'present']), {}, 'nothing-to-do', [1, 0, 0, 0]],
  ['one failed', facts(['new', 'landed'], ['new', 'SOURCE_OPEN']), {}, 'partial', [0, 1, 0, 1]],
  ['one failed, one unchanged', facts(['unchanged'], ['new', 'SOURCE_OPEN']), {}, 'partial', [1, 0, 0, 1]],
  ['all failed', facts(['new', 'SOURCE_OPEN'], ['new', 'TARGET_CHANGED']), {}, 'failed', [0, 0, 0, 2]],
  ['one was not reached', facts(['new', 'landed'], ['new']), {}, 'partial', [0, 1, 0, 1]],
  ['one diverged', facts(['new', 'landed'], ['diverged']), {}, 'partial', [0, 1, 1, 0]],
  ['all diverged', facts(['diverged']), {}, 'failed', [0, 0, 1, 0]],
  ['one has no folder at the source', facts(['source-absent'], ['unchanged']), {}, 'partial', [1, 0, 0, 1]],
  ['landed, not shown by the catalog', facts(['new', 'landed, unregistered']), {}, 'failed', [0, 0, 0, 1]],
  [
    'one of two landed is not shown by the catalog',
    facts(['new', 'landed, unregistered'], ['new', 'landed']),
    {},
    'partial',
    [0, 1, 0, 1],
  ],
  ['the same files, not shown by the catalog', facts(['register', 'unregistered']), {}, 'failed', [0, 0, 0, 1]],
  ['cancelled before the plan', facts(), { cancelled: true }, 'cancelled', [0, 0, 0, 0]],
  ['cancelled in the middle', facts(['new', 'landed'], ['new']), { cancelled: true }, 'cancelled', [0, 1, 0, 0, 1]],
  ['cancelled when all was done', facts(['new', 'landed']), { cancelled: true }, 'cancelled', [0, 1, 0, 0]],
  ['refused while planning', facts(), { failure: { ...DOWN, beforeAnyByte: true } }, 'refused', [0, 0, 0, 0]],
  [
    'refused by the target table',
    facts(['new'], ['unchanged']),
    { failure: { ...DOWN, beforeAnyByte: true } },
    'refused',
    [1, 0, 0, 1],
  ],
  ['a step failed, nothing was copied', facts(['new']), { failure: DOWN }, 'failed', [0, 0, 0, 1]],
  ['a node failed, another did not', facts(['new', 'landed'], ['new']), { failure: DOWN }, 'partial', [0, 1, 0, 1]],
  ['refreshing failed, all has landed', facts(['new', 'landed']), { failure: DOWN }, 'partial', [0, 1, 0, 0]],
];

describe('the outcome of a run', () => {
  it('tells what was altered in the target table', () => {
    const drift = ['ALTER TABLE t ADD COLUMNS (c int) CASCADE'];
    expect(outcome(facts(['unchanged']), { table: { created: false, drift } }).drift).toEqual(drift);
  });

  it.each(CASES)('%s', (_, of, ending, kind, [unchanged, published, diverged, failed, skipped = 0]) => {
    const told = outcome(of, ending);
    expect([told.outcome, told.partitions]).toEqual([
      kind,
      { selected: of.partitions.length, unchanged, published, diverged, failed, skipped, pruned: 0 },
    ]);
  });

  it.each(CASES)('case 32: counts each partition of the plan once: %s', (_, of, ending) => {
    const { selected, unchanged, published, diverged, failed, skipped } = outcome(of, ending).partitions;
    expect(unchanged + published + diverged + failed + skipped).toBe(selected);
  });

  it.each(CASES)('says why when it did not end well: %s', (_, of, ending, kind) => {
    const { failures } = outcome(of, ending);
    if (kind === 'complete' || kind === 'nothing-to-do') expect(failures).toEqual([]);
    else if (kind !== 'cancelled') expect(failures).not.toEqual([]);
    const failure = ending.failure;
    if (failure)
      expect(failures).toContainEqual(expect.objectContaining({ code: failure.code, message: failure.message }));
  });

  it('names the run and adds up what was copied', () => {
    const told = outcomeOf(
      specOf({ uiUrl: 'http://ui', partitions: ['dt=0', 'dt=1'] }),
      { ...facts(['new', 'landed'], ['new', 'SOURCE_OPEN']), plan: { path: '/p', sha256: 's' }, ledger: '/l' },
      { ...ENDING, rounds: 2 },
    );
    expect(told).toMatchObject({
      schemaVersion: 1,
      workflowId: 'sync/b/sales.orders/x',
      runId: 'run-1',
      uiUrl: 'http://ui',
      source: 'a',
      target: 'b',
      table: 'sales.orders',
      selection: 'dt=0, dt=1',
      files: { copied: 4, reused: 2 },
      bytes: { copied: 200 },
      plan: { path: '/p', sha256: 's' },
      ledger: '/l',
      rounds: 2,
      startedAt: '2026-11-01T00:00:00.000Z',
      endedAt: '2026-11-01T00:01:30.000Z',
      seconds: 90,
    });
    expect(outcome(facts())).toMatchObject({ selection: 'all partitions' });
  });
});

describe('the failures of an outcome', () => {
  const of = (finding: Finding, told?: Told, over: Partial<PlannedPartition> = {}) => {
    const { stories } = told ? facts([finding, told]) : facts([finding]);
    return outcomeFailures({ partitions: [planned('dt=0', finding, over)], stories, endedAt: new Date(0) }, ENDING);
  };
  const failure = (code: Code, message: string) => [{ partition: 'dt=0', code, message, hint: CODES[code].hint }];

  it.each<[string, Parameters<typeof of>, ReturnType<typeof of>]>([
    ['landed', ['new', 'landed'], []],
    ['found in place', ['changed', 'present'], []],
    ['unchanged', ['unchanged'], []],
    ['registered', ['register'], []],
    ['its own word', ['new', 'TARGET_CHANGED'], failure('TARGET_CHANGED', 'says TARGET_CHANGED')],
    ['without a word', ['changed'], failure('INTERNAL', 'it was not reached')],
    ['diverged', ['diverged', undefined, { reason: 'why' }], failure('TARGET_DIVERGED', 'why')],
    ['diverged of old', ['diverged'], failure('TARGET_DIVERGED', 'it was changed by other hands')],
    ['no source folder', ['source-absent'], failure('SOURCE_ABSENT', 'there is no folder at /a/dt=0')],
    ['not in the catalog', ['new', 'landed, unregistered'], failure('CATALOG_CONFLICT', 'it is at hdfs://b/else')],
    [
      'not in the catalog, same files',
      ['register', 'unregistered'],
      failure('CATALOG_CONFLICT', 'it is at hdfs://b/else'),
    ],
  ])('%s', (_, input, failures) => {
    expect(of(...input)).toEqual(failures);
  });

  it('call an unpartitioned table by what it is', () => {
    const partitions = [planned('', 'diverged', { reason: 'why' })];
    expect(outcome({ partitions, stories: new Map(), endedAt: new Date(0) }).failures[0]?.partition).toBe(
      '(whole table)',
    );
  });

  it('are at most 100; the others are in the file', () => {
    const many = (count: number) => outcome(facts(...Array.from({ length: count }, () => ['diverged'] as const)));
    expect(many(100).failures).toHaveLength(100);
    expect(many(100)).not.toHaveProperty('failuresPath');
    expect(many(101).failures).toHaveLength(100);
    expect(many(101).failuresPath).toBe('/user/root/hive-ferry/run-1/failures.jsonl');
    expect(many(101).partitions.diverged).toBe(101);
  });

  it('blame what was not reached on what ended the run, and nothing else', () => {
    const { failures } = outcome(facts(['new', 'SOURCE_OPEN'], ['new'], ['diverged']), { failure: DOWN });
    expect(failures.map(({ partition, code }) => [partition, code])).toEqual([
      ['dt=0', 'SOURCE_OPEN'],
      ['dt=1', 'UNREACHABLE'],
      ['dt=2', 'TARGET_DIVERGED'],
    ]);
  });

  it('name the run itself first where no partition was kept from its turn, also among many', () => {
    const run = { partition: '(the run)', code: 'UNREACHABLE', message: 'nn1 is down', hint: 'start it' };
    expect(outcome(facts(), { failure: DOWN }).failures).toEqual([run]);
    expect(outcome(facts(['new', 'landed']), { failure: DOWN }).failures).toEqual([run]);
    const diverged = Array.from({ length: 150 }, () => ['diverged'] as const);
    expect(outcome(facts(...diverged), { failure: DOWN }).failures[0]).toEqual(run);
  });

  it('leave out what a cancelled run did not reach', () => {
    const { failures } = outcome(facts(['new'], ['new', 'SOURCE_OPEN']), { cancelled: true });
    expect(failures.map(({ partition, code }) => [partition, code])).toEqual([['dt=1', 'SOURCE_OPEN']]);
  });
});

describe('the selection of an outcome', () => {
  const names = (count: number) => Array.from({ length: count }, (_, place) => `dt=${place}`);

  it.each<[string, readonly string[] | undefined, string]>([
    ['no names', undefined, 'all partitions'],
    ['two names', names(2), 'dt=0, dt=1'],
    ['as many as are shown', names(20), names(20).join(', ')],
    ['more than are shown', names(25), `${names(20).join(', ')} and 5 more`],
  ])('%s', (_, partitions, text) => {
    expect(selectionOf(partitions === undefined ? {} : { partitions })).toBe(text);
  });
});

describe('the nodes of an outcome', () => {
  const result = (index: number, round: number, over: Partial<NodeResult> = {}): NodeResult => ({
    index,
    round,
    partitions: 5,
    published: 4,
    failed: 1,
    retryable: 1,
    files: { copied: 10, reused: 3 },
    bytes: { copied: 1000 },
    peakMemoryBytes: 50,
    budgetBytes: 64,
    seconds: 1,
    ...over,
  });

  it('are one row each, in order, over all rounds', () => {
    const nodes = [
      result(2, 1),
      result(1, 1),
      result(2, 2, { partitions: 1, files: { copied: 2, reused: 0 }, bytes: { copied: 7 }, peakMemoryBytes: 60 }),
      result(2, 3, { partitions: 1, files: { copied: 0, reused: 0 }, bytes: { copied: 0 }, peakMemoryBytes: 10 }),
    ];
    expect(outcome(facts(), { nodes: foldNodes(nodes) }).nodes).toEqual([
      { index: 1, partitions: 5, files: 10, bytes: 1000, peakMemoryBytes: 50, budgetBytes: 64 },
      { index: 2, partitions: 5, files: 12, bytes: 1007, peakMemoryBytes: 60, budgetBytes: 64 },
    ]);
  });
});

describe('the size of an outcome', () => {
  it('is below what one payload may hold, whatever went wrong', () => {
    const message = 'x'.repeat(20_000);
    const partitions = Array.from({ length: 5000 }, (_, day) => planned(`dt=${day}`, 'new'));
    const nodes = Array.from({ length: 1000 }, (_, place) => ({
      ...{ index: place + 1, partitions: 5, files: 1_000_000, bytes: 10 ** 15 },
      ...{ peakMemoryBytes: 2 ** 40, budgetBytes: 2 ** 40 },
    }));
    const drift = shortStatements(
      Array.from({ length: 500 }, (_, place) => `ALTER TABLE ${place} ${message}`),
      '/plan',
    );
    const ending: Ending = {
      startedAt: '2026-11-01T00:00:00Z',
      rounds: 3,
      cancelled: false,
      nodes,
      table: { created: false, drift },
      failure: { code: 'INTERNAL', message, hint: 'h', beforeAnyByte: false },
    };
    const facts = { partitions, stories: new Map(), endedAt: new Date('2026-11-01T01:00:00Z') };
    const outcome = outcomeOf(specOf({ where: 'w'.repeat(16_384) }), facts, ending, '/failures');
    expect(Buffer.byteLength(JSON.stringify(outcome))).toBeLessThan(256 * 1024);
    expect(outcome.drift).toHaveLength(21);
    expect(outcome.drift[0]).toMatch(/^ALTER TABLE 0 x+\.\.\. \(20014 characters\)$/);
    expect(outcome.drift.at(-1)).toBe('and 480 more, in /plan');
    expect(outcome).toMatchObject({ failuresPath: '/failures' });
  });

  it('says where a message is whole that it cuts', () => {
    const story = { ...storyOf('dt=1', 'SOURCE_CHANGED') };
    const failed = story.failed && { ...story.failed, message: 'y'.repeat(700) };
    const facts = {
      partitions: [planned('dt=1', 'new')],
      stories: new Map([['dt=1', { ...story, ...(failed && { failed }) }]]),
      endedAt: new Date('2026-11-01T01:00:00Z'),
    };
    const ending: Ending = { startedAt: '2026-11-01T00:00:00Z', rounds: 1, cancelled: false, nodes: [] };
    const outcome = outcomeOf(specOf(), facts, ending, '/failures');
    expect(outcome.failures[0]?.message).toBe(`${'y'.repeat(600)}... (700 characters)`);
    expect(outcome.failuresPath).toBe('/failures');
  });
});
