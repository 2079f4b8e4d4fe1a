import { describe, expect, it } from '@jest/globals';
import { type FerryError, isFerryError } from '../../../errors/ferry-error.ts';
import { checkSpec, resolveSpec, type SpecLimits } from '../../../sync/spec.ts';
import { asInput } from '../../../sync/spec-identity.ts';

const limits: SpecLimits = {
  clusters: { prod: { access: 'read' }, lake: { access: 'write' }, lab: { access: 'write' } },
  defaults: { nodes: { count: 4, memoryBytes: 2 ** 28 }, createDatabase: false },
  minNodeMemoryBytes: 2 ** 26,
  maxNodeMemoryBytes: 2 ** 29,
};

const good = { table: 'sales.orders', source: 'prod', target: 'lake' };

function refusal(input: unknown, within: SpecLimits = limits): FerryError {
  try {
    checkSpec(input, within);
  } catch (error) {
    if (isFerryError(error)) return error;
    throw error;
  }
  throw new Error(`not refused: ${JSON.stringify(input)}`);
}

const problems = (input: unknown, within?: SpecLimits) => refusal(input, within).details.problems;

describe('a spec with as little as it needs', () => {
  it('takes every default', () => {
    expect(checkSpec(good, limits)).toEqual({
      source: { cluster: 'prod', database: 'sales', table: 'orders' },
      target: { cluster: 'lake', database: 'sales', table: 'orders' },
      nodes: { count: 4, memoryBytes: 2 ** 28 },
      publish: 'auto',
      compare: 'mtime',
      overwrite: 'never',
      verify: 'checksum',
      chunkBytes: 2 ** 30,
      consistency: 'live',
      createDatabase: false,
      drift: 'add-columns',
      rounds: 3,
      openFiles: 'skip',
      minAgeMs: 0,
      attributes: 'target',
      stats: 'drop',
      afterRefresh: [],
      locationMap: {},
      retainMs: 86_400_000,
    });
  });

  it('takes clusters, nodes and createDatabase from the defaults of the config', () => {
    const defaults = {
      source: 'prod',
      target: 'lab',
      nodes: { count: 16, memoryBytes: 2 ** 27 },
      createDatabase: true,
    };
    const spec = checkSpec({ table: 'sales.orders', nodes: { count: 2 } }, { ...limits, defaults });
    expect([spec.source.cluster, spec.target.cluster, spec.nodes, spec.createDatabase]).toEqual([
      'prod',
      'lab',
      { count: 2, memoryBytes: 2 ** 27 },
      true,
    ]);
  });

  it('knows names as Hive does, without regard to case', () => {
    expect(checkSpec({ ...good, table: 'Sales.Orders' }, limits).source).toEqual({
      cluster: 'prod',
      database: 'sales',
      table: 'orders',
    });
  });

  it('records the run that it is for', () => {
    const identity = { runKey: 'k', workflowId: 'sync/lake/sales.orders/x', runId: 'r' };
    const spec = resolveSpec(good, { ...limits, identity, uiUrl: 'http://ui/x', copyQueue: 'copy' });
    expect(spec).toMatchObject({
      schemaVersion: 1,
      engine: 1,
      ...identity,
      uiUrl: 'http://ui/x',
      copyQueue: 'copy',
      rounds: 3,
    });
    expect(Object.keys(resolveSpec(good, { ...limits, identity }))).not.toEqual(expect.arrayContaining(['uiUrl']));
  });
});

describe('a spec with everything said', () => {
  it('keeps it', () => {
    const spec = checkSpec(
      {
        table: 'sales.orders',
        source: 'prod',
        target: { cluster: 'lake', table: 'archive.orders', location: '/warehouse/archive/orders/' },
        partitions: ['dt=2026-01-02/region=eu', 'dt=2026-01-01/region=eu', 'dt=2026-01-02/region=eu'],
        nodes: { count: 1000, memory: '64MiB' },
        publish: 'relocate',
        compare: 'content',
        overwrite: 'diverged',
        verify: 'stream',
        chunk: '64MiB',
        consistency: 'snapshot',
        createDatabase: true,
        drift: 'refuse',
        rounds: 1,
        openFiles: 'wait',
        minAge: '10m',
        attributes: 'source',
        stats: 'analyze',
        afterRefresh: ['refresh sales.orders'],
        locationMap: { 'hdfs://a:8020/schemas': 'hdfs://b:8020/schemas' },
        prune: { percent: 25 },
        retain: '7d',
      },
      limits,
    );
    expect(spec).toEqual({
      source: { cluster: 'prod', database: 'sales', table: 'orders' },
      target: { cluster: 'lake', database: 'archive', table: 'orders', location: '/warehouse/archive/orders' },
      partitions: ['dt=2026-01-01/region=eu', 'dt=2026-01-02/region=eu'],
      nodes: { count: 1000, memoryBytes: 2 ** 26 },
      publish: 'relocate',
      compare: 'content',
      overwrite: 'diverged',
      verify: 'stream',
      chunkBytes: 2 ** 26,
      consistency: 'snapshot',
      createDatabase: true,
      drift: 'refuse',
      rounds: 1,
      openFiles: 'wait',
      minAgeMs: 600_000,
      attributes: 'source',
      stats: 'analyze',
      afterRefresh: ['refresh sales.orders'],
      locationMap: { 'hdfs://a:8020/schemas': 'hdfs://b:8020/schemas' },
      prune: { percent: 25 },
      retainMs: 604_800_000,
    });
    expect(checkSpec(asInput(spec), limits)).toEqual(spec);
  });

  it('takes partition names as Hive escapes them', () => {
    const partitions = ['ts=2020-01-01 00%3A00%3A00', 'k=a%3Db', 'n=__HIVE_DEFAULT_PARTITION__', 'c=ü'];
    expect(checkSpec({ ...good, partitions }, limits).partitions).toEqual([...partitions].sort());
  });
});

describe('a spec that is wrong in one place', () => {
  it.each<[string, unknown, string]>([
    [
      'not an object',
      'sales.orders',
      '"sales.orders" is not an object such as {"table": "sales.orders", "source": "a", "target": "b"}',
    ],
    [
      'no database',
      { ...good, table: 'orders' },
      'table: "orders" is not a table name with its database, such as "sales.orders"',
    ],
    [
      'a quoted name',
      { ...good, table: 'sales.`or ders`' },
      'table: "sales.`or ders`" is not a table name with its database, such as "sales.orders"',
    ],
    [
      'no source',
      { table: 'a.b', target: 'lake' },
      'source: is missing; name one of the clusters of temporal.config.ts: prod, lake, lab',
    ],
    [
      'unknown source',
      { ...good, source: 'prdo' },
      'source: "prdo" is not a cluster of temporal.config.ts (prod, lake, lab); did you mean "prod"?',
    ],
    [
      'nothing near',
      { ...good, target: 'warehouse' },
      'target: "warehouse" is not a cluster of temporal.config.ts (prod, lake, lab)',
    ],
    [
      'a name every object has',
      { ...good, source: 'constructor' },
      'source: "constructor" is not a cluster of temporal.config.ts (prod, lake, lab)',
    ],
    [
      'unknown target, long form',
      { ...good, target: { cluster: 'lakee' } },
      'target.cluster: "lakee" is not a cluster of temporal.config.ts (prod, lake, lab); did you mean "lake"?',
    ],
    [
      'a target of another kind',
      { ...good, target: 4 },
      'target: 4 is not the name of a cluster, or {cluster, table, location}',
    ],
    [
      'the source itself',
      { ...good, source: 'lake' },
      'target: sales.orders on "lake" is the source itself; name another cluster, or another table with target: {cluster, table}',
    ],
    [
      'the source itself in other letters',
      { ...good, source: 'lake', target: { cluster: 'lake', table: 'SALES.Orders' } },
      'target: sales.orders on "lake" is the source itself; name another cluster, or another table with target: {cluster, table}',
    ],
    [
      'no partition',
      { ...good, partitions: [] },
      'partitions: [] is not a list with at least one partition name; leave it out for the whole table',
    ],
    [
      'not a partition',
      { ...good, partitions: ['dt=1', 'eu'] },
      'partitions[1]: "eu" is not a Hive partition name, such as "dt=2026-01-01/region=eu"',
    ],
    [
      'half a partition',
      { ...good, partitions: ['dt=1/'] },
      'partitions[0]: "dt=1/" is not a Hive partition name, such as "dt=2026-01-01/region=eu"',
    ],
    [
      'size',
      { ...good, nodes: { memory: '256M' } },
      'nodes.memory: "256M" is not a size: a whole number and KiB, MiB, GiB or TiB, such as "256MiB"',
    ],
    [
      'size as a number',
      { ...good, nodes: { memory: 256 } },
      'nodes.memory: 256 is not a size: a whole number and KiB, MiB, GiB or TiB, such as "256MiB"',
    ],
    [
      'too little memory',
      { ...good, nodes: { memory: '32MiB' } },
      'nodes.memory: "32MiB" is less than minNodeMemory of the workers; ask for 64MiB or more',
    ],
    [
      'too much memory',
      { ...good, nodes: { memory: '1GiB' } },
      'nodes.memory: "1GiB" is more than maxNodeMemory of the workers; ask for 512MiB or less',
    ],
    ['no node', { ...good, nodes: { count: 0 } }, 'nodes.count: 0 is not a whole number from 1 to 1000'],
    [
      'case 37: more nodes than a history bears',
      { ...good, nodes: { count: 1001 } },
      'nodes.count: 1001 is not a whole number from 1 to 1000',
    ],
    ['half a node', { ...good, nodes: { count: 1.5 } }, 'nodes.count: 1.5 is not a whole number from 1 to 1000'],
    ['nodes as a number', { ...good, nodes: 4 }, 'nodes: 4 is not an object such as {"count": 4, "memory": "256MiB"}'],
    [
      'publish',
      { ...good, publish: 'swop' },
      'publish: "swop" is not one of "auto", "swap", "relocate"; did you mean "swap"?',
    ],
    ['overwrite', { ...good, overwrite: true }, 'overwrite: true is not one of "never", "diverged"'],
    ['rounds', { ...good, rounds: 11 }, 'rounds: 11 is not a whole number from 1 to 10'],
    ['createDatabase', { ...good, createDatabase: 'yes' }, 'createDatabase: "yes" is not true or false'],
    [
      'location with ..',
      { ...good, target: { cluster: 'lake', location: '/a/../b' } },
      'target.location: "/a/../b" is not an absolute folder on the target, such as "/warehouse/sales/orders"',
    ],
    [
      'relative location',
      { ...good, target: { cluster: 'lake', location: 'a/b' } },
      'target.location: "a/b" is not an absolute folder on the target, such as "/warehouse/sales/orders"',
    ],
    [
      'the root as location',
      { ...good, target: { cluster: 'lake', location: '/' } },
      'target.location: "/" is not an absolute folder on the target, such as "/warehouse/sales/orders"',
    ],
    ['unknown key', { ...good, overwite: 'never' }, 'overwite: is not a known key; did you mean "overwrite"?'],
    [
      'unknown key of the target',
      { ...good, target: { cluster: 'lake', tabel: 'a.b' } },
      'target.tabel: is not a known key; did you mean "table"?',
    ],
    ['null', { ...good, rounds: null }, 'rounds: null is not a whole number from 1 to 10'],
  ])('%s', (_, input, problem) => {
    const error = refusal(input);
    expect(error.details.problems).toEqual([problem]);
    expect(error.code).toBe('SPEC_INVALID');
    expect(error.message).toBe(`This sync cannot start: ${problem}`);
  });

  it('says so when the selection is too long to travel', () => {
    const partitions = Array.from({ length: 3000 }, (_, index) => `dt=${String(index).padStart(60, '0')}`);
    expect(problems({ ...good, partitions })).toEqual([
      expect.stringMatching(/^partitions: the 3000 names are too long together/),
    ]);
  });
});

it('does not guess at a name of one letter', () => {
  const clusters = { a: { access: 'write' }, b: { access: 'write' } } as const;
  expect(problems({ table: 'x.y', source: 'c', target: 'b' }, { ...limits, clusters })).toEqual([
    'source: "c" is not a cluster of temporal.config.ts (a, b)',
  ]);
});

describe('a target that may only be read', () => {
  const readOnly = { ...good, source: 'lake', target: 'prod' };

  it('is refused by its own code when nothing else is wrong', () => {
    const error = refusal(readOnly);
    expect(error.code).toBe('ACCESS_READ_ONLY');
    expect(error.details.problems).toEqual([
      'target: "prod" is marked access: "read" in temporal.config.ts and is never written; name another cluster',
    ]);
  });

  it('is one problem of the list when more is wrong', () => {
    const error = refusal({ ...readOnly, rounds: 0 });
    expect(error.code).toBe('SPEC_INVALID');
    expect(error.details.problems).toHaveLength(2);
  });

  it('counts too when it is the default', () => {
    expect(
      refusal({ table: 'a.b', source: 'lake' }, { ...limits, defaults: { ...limits.defaults, target: 'prod' } }).code,
    ).toBe('ACCESS_READ_ONLY');
  });
});

it('names every problem at once, the contradictions too', () => {
  const error = refusal({
    tabel: 'sales.orders',
    source: 'prdo',
    target: 'prod',
    nodes: { count: 0, memory: '1MiB', cores: 4 },
    publish: 'now',
    partitions: ['x'],
  });
  expect(error.details.problems).toEqual([
    'table: is missing; give a table name with its database, such as "sales.orders"',
    'partitions[0]: "x" is not a Hive partition name, such as "dt=2026-01-01/region=eu"',
    'nodes.count: 0 is not a whole number from 1 to 1000',
    'nodes.cores: is not a known key; leave it out, or use one of count, memory',
    'publish: "now" is not one of "auto", "swap", "relocate"',
    'tabel: is not a known key; did you mean "table"?',
    'source: "prdo" is not a cluster of temporal.config.ts (prod, lake, lab); did you mean "prod"?',
    'target: "prod" is marked access: "read" in temporal.config.ts and is never written; name another cluster',
    'nodes.memory: "1MiB" is less than minNodeMemory of the workers; ask for 64MiB or more',
  ]);
  expect(error.message.split('\n')).toHaveLength(10);
  expect(error.message).toContain('This sync cannot start, 9 problems:\n  - table: is missing');
});
