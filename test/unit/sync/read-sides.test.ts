import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeOf } from '../../../errors/ferry-error.ts';
import type { Column } from '../../../hive/table.ts';
import {
  assertApart,
  assertUnambiguous,
  literalFolder,
  type Registered,
  readPartitions,
} from '../../../sync/read-sides.ts';
import { ORDERS, partitionOn, refusal, tableOn, twoClusters, WAREHOUSE } from './two-clusters.ts';

const T = `${WAREHOUSE}/orders`;
const AT = { cluster: 'a', ...ORDERS };
const KEYS: readonly Column[] = [
  { name: 'dt', type: 'date' },
  { name: 'hour', type: 'int' },
];

function registered(name: string, values: readonly string[], path = `${T}/${name}`): Registered {
  return { name, path, partition: partitionOn('a', values, path) };
}

function thrown(act: () => void): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not throw');
}

describe('the folder of a partition', () => {
  it.each<[string, string, readonly string[], string, string]>([
    [
      'in the usual layout',
      'dt=2026-01-01/hour=1',
      ['2026-01-01', '1'],
      'dt=2026-01-01/hour=1',
      'dt=2026-01-01/hour=1',
    ],
    [
      'case 20: written in another way',
      'dt=2026-01-01/hour=1',
      ['2026-01-01', '1'],
      'dt=2026-01-01/hour=01',
      'dt=2026-01-01/hour=01',
    ],
    [
      'with keys in capitals',
      'dt=2026-01-01/hour=1',
      ['2026-01-01', '1'],
      'DT=2026-01-01/Hour=1',
      'DT=2026-01-01/Hour=1',
    ],
    [
      'named by another value',
      'dt=2026-01-01/hour=1',
      ['2026-01-01', '1'],
      'dt=2026-01-01/hour=2',
      'dt=2026-01-01/hour=1',
    ],
    [
      'with the keys the other way',
      'dt=2026-01-01/hour=1',
      ['2026-01-01', '1'],
      'hour=1/dt=2026-01-01',
      'dt=2026-01-01/hour=1',
    ],
    ['case 23: without keys', 'dt=2026-01-01/hour=1', ['2026-01-01', '1'], '2026-01-01/01', 'dt=2026-01-01/hour=1'],
    ['one level only', 'dt=2026-01-01/hour=1', ['2026-01-01', '1'], 'dt=2026-01-01', 'dt=2026-01-01/hour=1'],
    ['one level deeper', 'dt=2026-01-01/hour=1', ['2026-01-01', '1'], 'x/dt=2026-01-01/hour=1', 'dt=2026-01-01/hour=1'],
    ['without a key’s name', 'dt=2026-01-01/hour=1', ['2026-01-01', '1'], 'dt=2026-01-01/=1', 'dt=2026-01-01/hour=1'],
    [
      'of the default partition',
      'dt=2026-01-01/hour=__HIVE_DEFAULT_PARTITION__',
      ['2026-01-01', '__HIVE_DEFAULT_PARTITION__'],
      'dt=2026-01-01/hour=__HIVE_DEFAULT_PARTITION__',
      'dt=2026-01-01/hour=__HIVE_DEFAULT_PARTITION__',
    ],
  ])('%s', (_, name, values, at, folder) => {
    expect(literalFolder(registered(name, values, `${T}/${at}`), KEYS, T)).toBe(folder);
  });

  it.each([
    ['elsewhere', '/moved/2026/01'],
    ['beside the table, in its name', `${T}_old/dt=2026-01-01/hour=01`],
    ['the table itself', T],
  ])('is Hive’s own name when the location is %s', (_, path) => {
    const one = registered('dt=2026-01-01/hour=1', ['2026-01-01', '1'], path);
    expect(literalFolder(one, KEYS, T)).toBe('dt=2026-01-01/hour=1');
  });

  it('keeps Hive’s escapes as they stand', () => {
    const keys = [{ name: 'ts', type: 'timestamp' }];
    const [name, folder] = ['ts=2026-01-01 00%3A00%3A00', 'ts=2026-01-01 00%3A00%3A00.0'];
    const one = registered(name, ['2026-01-01 00:00:00'], `${T}/${folder}`);
    expect(literalFolder(one, keys, T)).toBe(folder);
  });
});

describe('case 51: partitions of one typed value', () => {
  const sides = (...sources: readonly (readonly [string, readonly string[]])[]) =>
    new Map(sources.map(([name, values]) => [name, registered(name, values)]));
  const HOUR_1 = ['dt=2026-01-01/hour=1', ['2026-01-01', '1']] as const;
  const HOUR_01 = ['dt=2026-01-01/hour=01', ['2026-01-01', '01']] as const;
  const HOUR_2 = ['dt=2026-01-01/hour=2', ['2026-01-01', '2']] as const;
  const SHORT_DATE = ['dt=2026-1-1/hour=1', ['2026-1-1', '1']] as const;

  it.each([
    ['on one side', sides(HOUR_1, HOUR_01), sides(), 'dt=2026-01-01/hour=1', 'dt=2026-01-01/hour=01'],
    ['on the target', sides(), sides(HOUR_1, HOUR_01), 'dt=2026-01-01/hour=1', 'dt=2026-01-01/hour=01'],
    ['one a side', sides(HOUR_1), sides(HOUR_01), 'dt=2026-01-01/hour=1', 'dt=2026-01-01/hour=01'],
    ['in the first key', sides(SHORT_DATE, HOUR_1), sides(), 'dt=2026-1-1/hour=1', 'dt=2026-01-01/hour=1'],
  ])('are refused, both named: %s', (_, source, target, one, other) => {
    const error = thrown(() => assertUnambiguous(KEYS, source, target));
    expect(codeOf(error)).toBe('PARTITION_AMBIGUOUS');
    expect(error.message).toContain(one);
    expect(error.message).toContain(other);
  });

  it('are no trouble when they are the same one, or differ', () => {
    assertUnambiguous(KEYS, sides(HOUR_1, HOUR_2), sides(HOUR_2, HOUR_1));
    const text = KEYS.map((key) => ({ ...key, type: 'string' }));
    assertUnambiguous(text, sides(HOUR_1, HOUR_01, SHORT_DATE), sides());
  });
});

describe('folders that are not apart', () => {
  it.each([
    ['shared', ['/t/x', '/t/x']],
    ['one in the other', ['/t/x', '/t/x/y']],
    ['the other way', ['/t/x/y/z', '/t/x']],
    ['with others between', ['/t/x', '/t/x!', '/t/x-1', '/t/x/y', '/t/x0']],
    ['in the root', ['/', '/t/x']],
  ])('are refused, both named: %s', (_, paths) => {
    const folders = paths.map((path, place) => ({ name: `dt=${place}`, path }));
    const error = thrown(() => assertApart(twoClusters().source, AT, folders));
    expect(codeOf(error)).toBe('LOCATION_UNSUPPORTED');
    expect(error.message).toMatch(/a:sales\.orders: dt=\d at \/.* and dt=\d at \//);
  });

  it('are found wherever they are, and none where there is none', () => {
    const segment = fc.constantFrom('a', 'b', 'a-', 'a!', 'ä');
    const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join('/')}`);
    const { source } = twoClusters();
    fc.assert(
      fc.property(fc.array(path, { maxLength: 6 }), (paths) => {
        const within = paths.some((one, i) => paths.some((other, j) => i !== j && `${one}/`.startsWith(`${other}/`)));
        let refused = false;
        try {
          assertApart(
            source,
            AT,
            paths.map((each, place) => ({ name: `p${place}`, path: each })),
          );
        } catch {
          refused = true;
        }
        expect(refused).toBe(within);
      }),
      { numRuns: 500 },
    );
  });
});

describe('reading the registered partitions', () => {
  it('gives each by its name, with the path of its location', async () => {
    const { catalogA, source, engine } = twoClusters();
    catalogA.putTable(tableOn('a'));
    catalogA.putPartition(ORDERS, partitionOn('a', ['2026-01-01', '1'], `${T}/dt=2026-01-01/hour=01`));
    catalogA.putPartition(ORDERS, partitionOn('a', ['2026-01-01', '2'], '/moved/x//'));
    const all = await readPartitions(engine, source, tableOn('a'), undefined);
    expect([...all].map(([name, { path }]) => [name, path])).toEqual([
      ['dt=2026-01-01/hour=1', `${T}/dt=2026-01-01/hour=01`],
      ['dt=2026-01-01/hour=2', '/moved/x'],
    ]);
    const one = await readPartitions(engine, source, tableOn('a'), ['dt=2026-01-01/hour=2', 'dt=9/hour=9']);
    expect([...one.keys()]).toEqual(['dt=2026-01-01/hour=2']);
  });

  it('refuses a location on another file system', async () => {
    const { catalogA, source, engine } = twoClusters();
    catalogA.putTable(tableOn('a'));
    const there = partitionOn('a', ['2026-01-01', '1'], '/x');
    catalogA.putPartition(ORDERS, { ...there, storage: { ...there.storage, location: 's3a://bucket/x' } });
    const error = await refusal(readPartitions(engine, source, tableOn('a'), undefined));
    expect(codeOf(error)).toBe('LOCATION_UNSUPPORTED');
    expect(error.message).toContain('s3a://bucket/x');
  });
});
