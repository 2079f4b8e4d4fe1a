import { beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf } from '../../errors/ferry-error.ts';
import type { Catalog } from '../../hive/catalog.ts';
import type { CatalogChange } from '../../hive/change.ts';
import type { StorageDescriptor } from '../../hive/table.ts';
import { alteration, type CatalogWorld, expectNoStatistics, STATISTICS } from './catalog-world.ts';

/** What every Catalog promises of databases and tables. */
export function catalogTables(world: CatalogWorld): void {
  const { tableOf, create, partition, read, readOne, codeOfApply } = world;
  let catalog: Catalog;
  let database: string;
  beforeAll(() => {
    ({ catalog, database } = world.fixture());
  });

  describe('databases', () => {
    it('are made once, found in any case and named in lower case', async () => {
      expect(await catalog.apply({ kind: 'create-database', database })).toEqual({ changed: 0, unexpected: [] });
      const found = await catalog.database(database.toUpperCase());
      expect(found?.name).toBe(database);
      expect(found?.location).toMatch(new RegExp(`^[a-z]+://[^/]+/.*${database}\\.db$`));
    });

    it('are made at a location of their own', async () => {
      const change: CatalogChange = {
        kind: 'create-database',
        database: `${database}_own`,
        location: `${world.fixture().folder}/own`,
      };
      expect(await catalog.apply(change)).toEqual({ changed: 1, unexpected: [] });
      expect((await catalog.database(`${database}_own`))?.location).toBe(`${world.fixture().folder}/own`);
    });

    it('that are not there are undefined', async () => {
      expect(await catalog.database(`${database}_none`)).toBeUndefined();
      expect(await catalog.tableNames(`${database}_none`)).toBeUndefined();
    });
  });

  describe('tables', () => {
    it('come back as they were made, external and at their location', async () => {
      const { table, of } = await create({ name: 'MixedCase' });
      const found = await catalog.table({ database: of.database.toUpperCase(), table: 'MIXEDCASE' });
      expect(found).toMatchObject({
        database,
        name: 'mixedcase',
        owner: catalog.limits?.ownerIsSession ? expect.any(String) : 'ferry',
        kind: 'EXTERNAL_TABLE',
        storage: table.storage,
        partitionKeys: table.partitionKeys,
        parameters: { ...table.parameters, EXTERNAL: 'TRUE' },
      });
      expect(found?.createTime).toBeGreaterThan(1_700_000_000);
      expect(found?.id).toMatch(/^\d+$/);
    });

    it('case 41: carry no statistics when they are made', async () => {
      const { of } = await create({ partitionKeys: [], parameters: STATISTICS });
      const found = await catalog.table(of);
      expectNoStatistics(catalog, found?.parameters);
    });

    it('keep every part of the descriptor', async () => {
      const base = tableOf();
      const full: StorageDescriptor = {
        ...base.storage,
        columns: [
          { name: 'k', type: 'bigint' },
          { name: 'm', type: 'map<string,array<struct<a:int,b:decimal(10,2)>>>', comment: "it's \u00e4" },
        ],
        numBuckets: 4,
        bucketColumns: ['k'],
        sortColumns: [{ column: 'k', order: 1 }],
        parameters: catalog.limits?.descriptorParameters === false ? {} : { own: 'yes' },
        skewed: { columns: ['k'], values: [['1'], ['2']] },
        storedAsSubDirectories: true,
      };
      const { of } = await create({ storage: full });
      expect((await catalog.table(of))?.storage).toEqual(full);
    });

    it('with parameters of their descriptor keep them, or are refused where the catalog cannot make them', async () => {
      const { storage, ...table } = tableOf();
      const change: CatalogChange = {
        kind: 'create-table',
        table: { ...table, storage: { ...storage, parameters: { own: 'yes' } } },
      };
      const of = { database, table: table.name };
      if (catalog.limits?.descriptorParameters === false) {
        expect(await codeOfApply(change)).toBe('CATALOG_REFUSED');
        expect(await catalog.table(of)).toBeUndefined();
      } else {
        await catalog.apply(change);
        expect((await catalog.table(of))?.storage.parameters).toEqual({ own: 'yes' });
      }
    });

    it('that are not there are undefined, in a database that is and in one that is not', async () => {
      expect(await catalog.table({ database, table: 'none' })).toBeUndefined();
      expect(await catalog.table({ database: `${database}_none`, table: 'none' })).toBeUndefined();
      expect(await catalog.partitionNames({ database, table: 'none' })).toBeUndefined();
    });

    it('are made once: a second creation changes nothing', async () => {
      const { table, of } = await create();
      const before = await catalog.table(of);
      const again = { ...table, storage: { ...table.storage, location: `${table.storage.location}-other` } };
      expect(await catalog.apply({ kind: 'create-table', table: again })).toEqual({ changed: 0, unexpected: [] });
      expect(await catalog.table(of)).toEqual(before);
    });

    it('are told from one made anew by their id', async () => {
      const [one, other] = [await create(), await create()];
      expect((await catalog.table(one.of))?.id).not.toBe((await catalog.table(other.of))?.id);
    });

    it('are listed by name, sorted', async () => {
      await create({ name: 'zz' });
      await create({ name: 'aa' });
      const names = (await catalog.tableNames(database)) ?? [];
      expect(names).toEqual([...names].sort());
      expect(names).toEqual(expect.arrayContaining(['aa', 'zz']));
    });

    it('need their database', async () => {
      const table = tableOf({ database: `${database}_none` });
      expect(await codeOfApply({ kind: 'create-table', table })).toBe('DATABASE_NOT_FOUND');
    });

    it('take properties, keep the others, and say when there was nothing to do', async () => {
      const { of } = await create();
      const change: CatalogChange = {
        kind: 'set-properties',
        of,
        parameters: { purpose: 'changed', 'hive-ferry.base': 'x' },
      };
      expect(await catalog.apply(change)).toEqual({ changed: 1, unexpected: [] });
      expect(await catalog.apply(change)).toEqual({ changed: 0, unexpected: [] });
      expect((await catalog.table(of))?.parameters).toMatchObject({
        purpose: 'changed',
        'hive-ferry.base': 'x',
        'external.table.purge': 'false',
        EXTERNAL: 'TRUE',
      });
    });

    it('that are missing refuse every change', async () => {
      const of = { database, table: 'none' };
      const table = tableOf();
      const codes = [
        await codeOfApply({ kind: 'set-properties', of, parameters: { a: 'b' } }),
        await codeOfApply({ kind: 'add-columns', of, columns: [{ name: 'c', type: 'int' }], cascade: false }),
        await codeOfApply({ kind: 'add-partitions', of, partitions: [partition(table, ['a', '1'])] }),
        await codeOfApply({ kind: 'drop-partitions', of, names: ['dt=a/n=1'] }),
        await codeOfApply({
          kind: 'alter-partitions',
          of,
          partitions: [alteration(partition(table, ['a', '1']), {})],
        }),
        await codeOfApply({ kind: 'move-table', of, expectLocation: 'x', location: 'y', parameters: {} }),
        await read(of, ['dt=a/n=1']).then(() => 'no error', codeOf),
      ];
      expect(new Set(codes)).toEqual(new Set(['TABLE_NOT_FOUND']));
    });
  });

  describe('case 43: columns', () => {
    it('are added at the end, those there already left out', async () => {
      const { table, of } = await create();
      await catalog.apply({ kind: 'add-partitions', of, partitions: [partition(table, ['a', '1'])] });
      const columns = [
        { name: 'NOTE', type: 'string' },
        { name: 'Extra', type: 'double', comment: 'new' },
      ];
      const change: CatalogChange = { kind: 'add-columns', of, columns, cascade: false };
      expect(await catalog.apply(change)).toEqual({ changed: 1, unexpected: [] });
      expect(await catalog.apply(change)).toEqual({ changed: 0, unexpected: [] });
      const wanted = [...table.storage.columns, { name: 'extra', type: 'double', comment: 'new' }];
      expect((await catalog.table(of))?.storage.columns).toEqual(wanted);
      expect((await readOne(of, 'dt=a/n=1')).storage.columns).toEqual(table.storage.columns);
    });

    it('reach the partitions with cascade', async () => {
      const { table, of } = await create();
      await catalog.apply({ kind: 'add-partitions', of, partitions: [partition(table, ['a', '1'])] });
      const columns = [{ name: 'extra', type: 'double' }];
      await catalog.apply({ kind: 'add-columns', of, columns, cascade: true });
      expect((await readOne(of, 'dt=a/n=1')).storage.columns).toEqual([...table.storage.columns, ...columns]);
    });
  });

  describe('moving a table', () => {
    it('happens once, only from where it is expected, and drops its statistics', async () => {
      const { table, of } = await create({ partitionKeys: [] });
      const from = table.storage.location;
      const to = `${from}-versions/r1/data`;
      await catalog.apply({ kind: 'set-properties', of, parameters: STATISTICS });
      const move = (expectLocation: string, location: string): CatalogChange => ({
        kind: 'move-table',
        of,
        expectLocation,
        location,
        parameters: { 'hive-ferry.run': 'r1' },
      });
      expect(await catalog.apply(move(`${from}-other`, to))).toEqual({
        changed: 0,
        unexpected: [`${database}.${table.name}`],
      });
      expect((await catalog.table(of))?.storage.location).toBe(from);
      expect(await catalog.apply(move(from, to))).toEqual({ changed: 1, unexpected: [] });
      expect(await catalog.apply(move(from, to))).toEqual({ changed: 0, unexpected: [] });
      const after = await catalog.table(of);
      expect(after?.storage).toEqual({ ...table.storage, location: to });
      expect(after?.parameters).toMatchObject({ purpose: 'contract', 'hive-ferry.run': 'r1', EXTERNAL: 'TRUE' });
      expectNoStatistics(catalog, after?.parameters);
    });
  });
}
