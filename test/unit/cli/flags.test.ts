import { describe, expect, it } from '@jest/globals';
import { commandLine, programName, runCommand } from '../../../cli/command-lines.ts';
import { overridesOf, specOfFlags } from '../../../cli/flags.ts';
import { type Interruption, interruptionOf } from '../../../cli/interrupt.ts';

describe('the spec that options stand for', () => {
  it.each<[string, Parameters<typeof specOfFlags>, unknown]>([
    ['none', ['a.b', {}], { table: 'a.b' }],
    ['clusters', ['a.b', { source: 'x', target: 'y' }], { table: 'a.b', source: 'x', target: 'y' }],
    ['partitions', ['a.b', { partition: ['dt=1', 'dt=2'] }], { table: 'a.b', partitions: ['dt=1', 'dt=2'] }],
    ['nodes', ['a.b', { nodes: '8', memory: '64MiB' }], { table: 'a.b', nodes: { count: 8, memory: '64MiB' } }],
    [
      'what is no number stays for the check to name',
      ['a.b', { nodes: 'many', rounds: '2x' }],
      { table: 'a.b', nodes: { count: 'many' }, rounds: '2x' },
    ],
    ['half a node', ['a.b', { nodes: '1.5' }], { table: 'a.b', nodes: { count: 1.5 } }],
    [
      'another table',
      ['a.b', { target: 'y', targetTable: 'c.d' }],
      { table: 'a.b', target: { cluster: 'y', table: 'c.d' } },
    ],
    [
      'another folder on the default target',
      ['a.b', { targetLocation: '/x' }, 'z'],
      { table: 'a.b', target: { cluster: 'z', location: '/x' } },
    ],
    [
      'all the rest',
      [
        'a.b',
        {
          publish: 'swap',
          compare: 'content',
          overwrite: 'diverged',
          verify: 'stream',
          retain: '7d',
          attributes: 'source',
          chunk: '64MiB',
          drift: 'refuse',
          schema: 'source',
          locationMap: { 'hdfs://a/x': 'hdfs://b/x' },
          rounds: '1',
          createDatabase: true,
        },
      ],
      {
        table: 'a.b',
        publish: 'swap',
        compare: 'content',
        overwrite: 'diverged',
        verify: 'stream',
        retain: '7d',
        attributes: 'source',
        chunk: '64MiB',
        drift: 'refuse',
        schema: 'source',
        locationMap: { 'hdfs://a/x': 'hdfs://b/x' },
        rounds: 1,
        createDatabase: true,
      },
    ],
  ])('%s', (_, args, spec) => {
    expect(specOfFlags(...args)).toEqual(spec);
  });

  it('overrides of the config are only those that were said', () => {
    expect(overridesOf({ config: 'x', taskQueue: 'q' }, { pool: '1GiB' })).toEqual({ taskQueue: 'q', pool: '1GiB' });
  });
});

describe('commands to be typed again', () => {
  it('quotes what a shell would read otherwise', () => {
    expect(
      commandLine('ferry', ['sync', 'a.b', '--partition', 'ts=2020-01-01 00%3A00', "it's", '$HOME', "$x's", '']),
    ).toBe(`ferry sync a.b --partition 'ts=2020-01-01 00%3A00' "it's" '$HOME' '$x'\\''s' ''`);
  });

  it('a command about a run leads to the Temporal that the run is in', () => {
    expect(runCommand('ferry', 'cancel', 'sync/b/a.b/01', {})).toBe('ferry cancel sync/b/a.b/01');
    const flags = { config: '/etc/my ferry.ts', address: 'h:7233', namespace: 'etl', taskQueue: 'q' };
    expect(runCommand('npx ferry', 'resume', 'sync/b/a.b/01', flags)).toBe(
      "npx ferry resume sync/b/a.b/01 --config '/etc/my ferry.ts' --address h:7233 --namespace etl --task-queue q",
    );
  });

  it('calls ferry as it was called', () => {
    expect(
      [{}, { npm_lifecycle_event: 'ferry' }, { npm_lifecycle_event: 'npx' }, { npm_lifecycle_event: 'test' }].map(
        programName,
      ),
    ).toEqual(['ferry', 'npm run ferry --', 'npx ferry', 'ferry']);
  });
});

it.each<['SIGINT' | 'SIGTERM', boolean, number, Interruption]>([
  ['SIGINT', true, 0, 'detach'],
  ['SIGINT', false, 0, 'cancel'],
  ['SIGTERM', true, 0, 'cancel'],
  ['SIGTERM', false, 0, 'cancel'],
  ['SIGINT', true, 1, 'leave-now'],
  ['SIGTERM', false, 1, 'leave-now'],
])('%s, at a terminal: %s, after %d others: %s', (signal, terminal, before, interruption) => {
  expect(interruptionOf(signal, terminal, before)).toBe(interruption);
});
