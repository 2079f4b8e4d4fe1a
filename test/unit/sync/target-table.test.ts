import { describe, expect, it } from '@jest/globals';
import { codeOf, type FerryError } from '../../../errors/ferry-error.ts';
import type { Column, StorageDescriptor, Table } from '../../../hive/table.ts';
import type { ResolvedSpec } from '../../../sync/outcome.ts';
import type { Strategy } from '../../../sync/plan.ts';
import { decideTargetTable, type SeenTarget } from '../../../sync/target-table.ts';
import { ORDERS, specOf, tableOn, WAREHOUSE } from './two-clusters.ts';

const OF = { database: 'sales', table: 'orders' };
const LAID = `hdfs://b:8020${WAREHOUSE}`;
const NEW_LAID = 'hdfs://b:8020/warehouse/made/sales.db';
const [ID, AMOUNT] = tableOn('a').storage.columns as [Column, Column];
const NOTE: Column = { name: 'note', type: 'string' };

function decide(seen: Partial<SeenTarget> = {}, spec: Partial<ResolvedSpec> = {}, strategy: Strategy = 'swap') {
  return decideTargetTable(specOf(spec), strategy, {
    source: tableOn('a'),
    existing: undefined,
    databaseLocation: LAID,
    newDatabaseLocation: NEW_LAID,
    sourceFileSystems: ['hdfs://a:8020', 'hdfs://a-alias'],
    ...seen,
  });
}

function refused(...input: Parameters<typeof decide>): FerryError {
  try {
    decide(...input);
  } catch (error) {
    return error as FerryError;
  }
  throw new Error('it was not refused');
}

/** The table that would be created. */
function created(...input: Parameters<typeof decide>): Table {
  const change = decide(...input).changes.at(-1);
  if (change?.kind !== 'create-table') throw new Error('no table would be created');
  return change.table;
}

function source(over: Partial<Table>, storage: Partial<StorageDescriptor> = {}): Partial<SeenTarget> {
  return { source: tableOn('a', over, storage) };
}

describe('a target without the table', () => {
  it('gets one like the source’s, external, at a location of its own', () => {
    const { location, changes } = decide(source({ kind: 'MANAGED_TABLE', parameters: { bucketing_version: '2' } }));
    expect(location).toBe(`${LAID}/orders`);
    expect(changes).toEqual([
      {
        kind: 'create-table',
        table: {
          ...tableOn('a'),
          kind: 'EXTERNAL_TABLE',
          storage: { ...tableOn('a').storage, location: `${LAID}/orders` },
          parameters: {
            bucketing_version: '2',
            EXTERNAL: 'TRUE',
            'external.table.purge': 'false',
            'discover.partitions': 'false',
          },
        },
      },
    ]);
  });

  it('gets it by the name and at the place that the spec says', () => {
    const target = { cluster: 'b', database: 'archive', table: 'orders_2026', location: 'hdfs://b-alias/archive/o' };
    expect(decide({}, { target }).location).toBe('hdfs://b-alias/archive/o');
    expect(created({}, { target })).toMatchObject({
      database: 'archive',
      name: 'orders_2026',
      storage: { location: 'hdfs://b-alias/archive/o' },
    });
  });

  it('gets it at a path on the file system of its database', () => {
    const target = { cluster: 'b', ...ORDERS, location: '/archive/o' };
    expect(decide({}, { target }).location).toBe('hdfs://b:8020/archive/o');
    expect(created({}, { target }).storage.location).toBe('hdfs://b:8020/archive/o');
    const none = { databaseLocation: undefined, newDatabaseLocation: 'hdfs://c/warehouse/sales.db' };
    expect(decide(none, { target, createDatabase: true }).location).toBe('hdfs://c/archive/o');
  });

  it('case 41, 46: gets no record of a run, statistics or purge from the source', () => {
    const parameters = {
      'hive-ferry.run': 'r',
      'hive-ferry.base': 'hdfs://c/x',
      'external.table.purge': 'true',
      'discover.partitions': 'true',
      numRows: '7',
      comment: 'kept',
    };
    expect(created(source({ parameters })).parameters).toEqual({
      comment: 'kept',
      EXTERNAL: 'TRUE',
      'external.table.purge': 'false',
      'discover.partitions': 'false',
    });
  });

  it('remembers where a relocated table stood first, and only then', () => {
    expect(created({}, {}, 'relocate').parameters['hive-ferry.base']).toBe(`${LAID}/orders`);
    expect(created({}, {}, 'swap').parameters).not.toHaveProperty('hive-ferry.base');
  });

  it.each<[string, Partial<SeenTarget>, string]>([
    ['a property', source({ parameters: { path: 'hdfs://a:8020/x' } }), 'path = hdfs://a:8020/x'],
    ['by the source’s other prefix', source({ parameters: { x: 'see hdfs://a-alias/x' } }), 'x = see hdfs://a-alias/x'],
    [
      'a property of the serde',
      source({}, { serde: { library: 'avro', parameters: { 'avro.schema.url': 'hdfs://a:8020/s.avsc' } } }),
      'avro.schema.url = hdfs://a:8020/s.avsc',
    ],
    ['a property of the storage', source({}, { parameters: { path: '/warehouse/x' } }), 'path = /warehouse/x'],
  ])('is refused one that points back to the source: %s (case 42)', (_, seen, named) => {
    const error = refused(seen);
    expect(codeOf(error)).toBe('TABLE_UNSUPPORTED');
    expect(error.message).toContain(`the definition of sales.orders points back to its source: ${named}`);
  });
});

describe('a target without the database', () => {
  const none = { databaseLocation: undefined };

  it('is refused by default', () => {
    const error = refused(none);
    expect(codeOf(error)).toBe('DATABASE_NOT_FOUND');
    expect(error.message).toBe('cluster b has no database sales');
  });

  it('gets it first where that is allowed, and the table in it', () => {
    const { location, changes } = decide(none, { createDatabase: true });
    expect(location).toBe(`${NEW_LAID}/orders`);
    expect(changes.map(({ kind }) => kind)).toEqual(['create-database', 'create-table']);
    expect(changes[0]).toEqual({ kind: 'create-database', database: 'sales', location: NEW_LAID });
  });

  it('does not get one that is there', () => {
    expect(decide({}, { createDatabase: true }).changes.map(({ kind }) => kind)).toEqual(['create-table']);
  });
});

describe('a target with the table', () => {
  const existing = (columns: readonly Column[], over: Partial<Table> = {}) =>
    tableOn('b', over, { columns, location: 'hdfs://b:8020/elsewhere/orders' });
  const wider = source({}, { columns: [ID, AMOUNT, NOTE] });

  it('keeps it where it is when nothing differs', () => {
    const there = existing([{ ...ID, comment: 'ours' }, AMOUNT], { owner: 'other', parameters: { numRows: '1' } });
    expect(decide({ existing: there })).toEqual({ location: 'hdfs://b:8020/elsewhere/orders', changes: [] });
  });

  it('case 43: gets the columns that it lacks at the end, in its partitions too', () => {
    expect(decide({ existing: existing([ID, AMOUNT]), ...wider })).toEqual({
      location: 'hdfs://b:8020/elsewhere/orders',
      changes: [{ kind: 'add-columns', of: OF, columns: [NOTE], cascade: false }],
    });
  });

  it('is refused new columns where the spec says so, each named', () => {
    const error = refused({ existing: existing([ID]), ...wider }, { drift: 'refuse' });
    expect(codeOf(error)).toBe('DRIFT_INCOMPATIBLE');
    expect(error.details.differences).toEqual([
      'column amount decimal(10,2) is missing (drift: "refuse")',
      'column note string is missing (drift: "refuse")',
    ]);
  });

  it.each(['add-columns', 'refuse'] as const)('case 24: is refused what cannot be mended, with drift: %s', (drift) => {
    const there = existing([{ name: 'id', type: 'int' }, AMOUNT], { partitionKeys: [{ name: 'dt', type: 'date' }] });
    const error = refused({ existing: there, ...wider }, { drift });
    expect(codeOf(error)).toBe('DRIFT_INCOMPATIBLE');
    expect(error.message).toMatch(/^b:sales\.orders differs from its source:\n- /);
    expect(error.details.differences).toEqual([
      expect.stringMatching(/^type of column id: the source has bigint, the target int; \w/),
      expect.stringMatching(/^partition keys: the source has dt date, hour int, the target dt date; \w/),
    ]);
    for (const line of error.details.differences as readonly string[]) expect(error.message).toContain(`- ${line}`);
  });

  it('may point to wherever it likes itself: its definition stays', () => {
    expect(
      decide({ existing: existing([ID, AMOUNT]), ...source({ parameters: { path: 'hdfs://a:8020/x' } }) }).changes,
    ).toEqual([]);
  });
});
