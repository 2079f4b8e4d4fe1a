import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Catalog } from '../../hive/catalog.ts';
import type { CatalogChange } from '../../hive/change.ts';
import { formatPartitionName } from '../../hive/partition-name.ts';
import type { Partition, Table, TableName } from '../../hive/table.ts';
import { alteration, type CatalogWorld, expectNoStatistics, STATISTICS } from './catalog-world.ts';

/** What every Catalog promises of partitions. */
export function catalogPartitions(world: CatalogWorld): void {
  const { storage, create, partition, read, readOne, codeOfApply } = world;
  let catalog: Catalog;
  beforeAll(() => {
    ({ catalog } = world.fixture());
  });

  describe('partitions', () => {
    it('case 20, 44: come back as they were registered, with their literal location', async () => {
      const { table, of } = await create();
      const own = partition(table, ['2026-01-01', '01'], {
        storage: {
          ...storage(`${table.storage.location}/elsewhere/n=001`),
          columns: [{ name: 'id', type: 'int' }],
          inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
          serde: {
            library: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde',
            parameters: { 'serialization.format': '1' },
          },
        },
        parameters: { 'hive-ferry.run': 'r1' },
      });
      expect(await catalog.apply({ kind: 'add-partitions', of, partitions: [own] })).toEqual({
        changed: 1,
        unexpected: [],
      });
      const found = await readOne(of, 'dt=2026-01-01/n=01');
      expect(found.values).toEqual(['2026-01-01', '01']);
      expect(found.storage).toEqual(own.storage);
      expect(found.parameters).toMatchObject(own.parameters);
    });

    it('case 22: with nasty values keep them, in name and location', async () => {
      const { table, of } = await create();
      const values = [
        'a b',
        '10:00',
        'x/y',
        "it's",
        '50%',
        '%3A',
        'k=v',
        'Zürich',
        '{[^]}',
        'tab\there',
        '"q"',
        'a\\b',
        '#?*',
      ];
      const all = values.map((value, i) => partition(table, [value, String(i)]));
      await catalog.apply({ kind: 'add-partitions', of, partitions: all });
      const names = all.map((one) => formatPartitionName(['dt', 'n'], one.values));
      expect(await catalog.partitionNames(of)).toEqual([...names].sort());
      const found = await read(of, names);
      for (const one of all) {
        const name = formatPartitionName(['dt', 'n'], one.values);
        expect(found.get(name)?.storage.location).toBe(`${table.storage.location}/${name}`);
      }
      expect(await catalog.apply({ kind: 'drop-partitions', of, names })).toEqual({
        changed: values.length,
        unexpected: [],
      });
      expect(await catalog.partitionNames(of)).toEqual([]);
    });

    it('of the default value are registered under any type', async () => {
      const { table, of } = await create();
      const standard = await catalog.defaultPartitionName();
      expect(standard).toBe('__HIVE_DEFAULT_PARTITION__');
      await catalog.apply({ kind: 'add-partitions', of, partitions: [partition(table, [standard, standard])] });
      expect(await catalog.partitionNames(of)).toEqual([`dt=${standard}/n=${standard}`]);
      expect((await readOne(of, `dt=${standard}/n=${standard}`)).values).toEqual([standard, standard]);
    });

    it('that are there already stay as they are', async () => {
      const { table, of } = await create();
      const first = partition(table, ['a', '1']);
      await catalog.apply({ kind: 'add-partitions', of, partitions: [first] });
      const before = await readOne(of, 'dt=a/n=1');
      const second = {
        ...first,
        storage: storage(`${table.storage.location}/other`),
        parameters: { 'hive-ferry.mark': 'second' },
      };
      const applied = await catalog.apply({
        kind: 'add-partitions',
        of,
        partitions: [second, partition(table, ['b', '2'])],
      });
      expect(applied).toEqual({ changed: 1, unexpected: [] });
      expect(await readOne(of, 'dt=a/n=1')).toEqual(before);
    });

    it('case 41: carry no statistics when they are registered', async () => {
      const { table, of } = await create();
      const one = partition(table, ['a', '1'], { parameters: { ...STATISTICS, 'hive-ferry.mark': 'x' } });
      await catalog.apply({ kind: 'add-partitions', of, partitions: [one] });
      const { parameters } = await readOne(of, 'dt=a/n=1');
      expect(parameters['hive-ferry.mark']).toBe('x');
      expectNoStatistics(catalog, parameters);
    });

    it('keep parameters of any name, or are refused with their names where the catalog cannot', async () => {
      const { table, of } = await create();
      const one = partition(table, ['a', '1'], { parameters: { purpose: 'their own' } });
      const change: CatalogChange = { kind: 'add-partitions', of, partitions: [one] };
      if (catalog.limits?.partitionParameters === undefined) {
        await catalog.apply(change);
        expect((await readOne(of, 'dt=a/n=1')).parameters).toMatchObject({ purpose: 'their own' });
      } else {
        await expect(catalog.apply(change)).rejects.toThrow(/dt=a\/n=1 its parameters purpose/);
        expect(await codeOfApply(change)).toBe('CATALOG_REFUSED');
        expect(await catalog.partitionNames(of)).toEqual([]);
      }
    });

    it('are all or none: a bad one among them registers nothing', async () => {
      const { table, of } = await create();
      const bad = { ...partition(table, ['b', '2']), values: ['b'] };
      const partitions = [partition(table, ['a', '1']), bad];
      expect(await codeOfApply({ kind: 'add-partitions', of, partitions })).toBe('CATALOG_REFUSED');
      const twice = [partition(table, ['c', '3']), partition(table, ['c', '3'])];
      expect(await codeOfApply({ kind: 'add-partitions', of, partitions: twice })).toBe('CATALOG_REFUSED');
      expect(await catalog.partitionNames(of)).toEqual([]);
    });

    it('come in batches, the missing ones left out', async () => {
      const { table, of } = await create();
      const { many = 2500 } = world.fixture();
      const all = Array.from({ length: many }, (_, i) => partition(table, ['many', String(i)]));
      expect(await catalog.apply({ kind: 'add-partitions', of, partitions: all })).toEqual({
        changed: many,
        unexpected: [],
      });
      const names = (await catalog.partitionNames(of)) ?? [];
      expect(names).toHaveLength(many);
      expect(names).toEqual([...names].sort());
      expect((await read(of, ['dt=many/n=none', ...names, 'dt=none/n=1'])).size).toBe(many);
      expect(await catalog.apply({ kind: 'drop-partitions', of, names })).toEqual({ changed: many, unexpected: [] });
    }, 120_000);

    it('of a table whose files go with them are dropped alone, or not at all', async () => {
      const { table, of } = await create({ parameters: { 'external.table.purge': 'TRUE' } });
      await catalog.apply({ kind: 'add-partitions', of, partitions: [partition(table, ['a', '1'])] });
      const change: CatalogChange = { kind: 'drop-partitions', of, names: ['dt=a/n=1'] };
      if (catalog.limits?.dropsOf === undefined) {
        expect(await catalog.apply(change)).toEqual({ changed: 1, unexpected: [] });
      } else {
        expect(await codeOfApply(change)).toBe('CATALOG_REFUSED');
        expect(await catalog.partitionNames(of)).toEqual(['dt=a/n=1']);
      }
    });

    it('that are dropped are gone once; absent ones are left out', async () => {
      const { table, of } = await create();
      await catalog.apply({
        kind: 'add-partitions',
        of,
        partitions: [partition(table, ['a', '1']), partition(table, ['b', '2'])],
      });
      const change: CatalogChange = { kind: 'drop-partitions', of, names: ['dt=a/n=1', 'dt=none/n=3'] };
      expect(await catalog.apply(change)).toEqual({ changed: 1, unexpected: [] });
      expect(await catalog.apply(change)).toEqual({ changed: 0, unexpected: [] });
      expect(await catalog.partitionNames(of)).toEqual(['dt=b/n=2']);
    });
  });

  describe('an alteration', () => {
    const made = async (): Promise<{ table: Table; of: TableName; before: Partition }> => {
      const { table, of } = await create();
      await catalog.apply({ kind: 'add-partitions', of, partitions: [partition(table, ['a', '1'])] });
      return { table, of, before: await readOne(of, 'dt=a/n=1') };
    };

    it('replaces the location, sets parameters and keeps the rest', async () => {
      const { table, of, before } = await made();
      const location = `${table.storage.location}-versions/r1/dt=a/n=1`;
      const asked = alteration(before, { location, parameters: { 'hive-ferry.run': 'r1' } });
      expect(await catalog.apply({ kind: 'alter-partitions', of, partitions: [asked] })).toEqual({
        changed: 1,
        unexpected: [],
      });
      const after = await readOne(of, 'dt=a/n=1');
      expect(after.storage).toEqual({ ...before.storage, location });
      expect(after.parameters).toMatchObject({ 'hive-ferry.mark': 'first', 'hive-ferry.run': 'r1' });
    });

    it('case 41: drops the statistics', async () => {
      const { of, before } = await made();
      const { putStatistics } = world.fixture();
      const seed = alteration(before, { parameters: STATISTICS });
      if (putStatistics === undefined) await catalog.apply({ kind: 'alter-partitions', of, partitions: [seed] });
      else await putStatistics(of, 'dt=a/n=1');
      expect((await readOne(of, 'dt=a/n=1')).parameters).toMatchObject({ numRows: STATISTICS.numRows });
      await catalog.apply({
        kind: 'alter-partitions',
        of,
        partitions: [alteration(before, { parameters: { 'hive-ferry.run': '2' } })],
      });
      const { parameters } = await readOne(of, 'dt=a/n=1');
      expect(parameters).toMatchObject({ 'hive-ferry.mark': 'first', 'hive-ferry.run': '2' });
      expectNoStatistics(catalog, parameters);
    });

    it('replaces the descriptor when one is given', async () => {
      const { of, before } = await made();
      const { location: _, ...rest } = before.storage;
      const asked = alteration(before, {
        storage: {
          ...rest,
          columns: [...rest.columns, { name: 'extra', type: 'int' }],
          numBuckets: 2,
          bucketColumns: ['id'],
        },
      });
      await catalog.apply({ kind: 'alter-partitions', of, partitions: [asked] });
      expect((await readOne(of, 'dt=a/n=1')).storage).toEqual({
        ...asked.storage,
        location: before.storage.location,
      });
    });

    it('leaves and names those that are gone or at another location, and alters the others', async () => {
      const { table, of, before } = await made();
      await catalog.apply({ kind: 'add-partitions', of, partitions: [partition(table, ['b', '2'])] });
      const moved = alteration(before, {
        expectLocation: `${table.storage.location}/old`,
        parameters: { 'hive-ferry.x': '1' },
      });
      const gone = { ...moved, values: ['none', '3'] };
      const fine = alteration(await readOne(of, 'dt=b/n=2'), { parameters: { 'hive-ferry.x': '1' } });
      const applied = await catalog.apply({ kind: 'alter-partitions', of, partitions: [moved, fine, gone] });
      expect(applied).toEqual({ changed: 1, unexpected: ['dt=a/n=1', 'dt=none/n=3'] });
      expect(await readOne(of, 'dt=a/n=1')).toEqual(before);
      expect((await readOne(of, 'dt=b/n=2')).parameters).toMatchObject({ 'hive-ferry.x': '1' });
    });

    it('that was done already is neither changed nor unexpected', async () => {
      const { table, of, before } = await made();
      const location = `${table.storage.location}-versions/r1/dt=a/n=1`;
      const change: CatalogChange = {
        kind: 'alter-partitions',
        of,
        partitions: [alteration(before, { location, parameters: { 'hive-ferry.run': '1' } })],
      };
      expect(await catalog.apply(change)).toEqual({ changed: 1, unexpected: [] });
      expect(await catalog.apply(change)).toEqual({ changed: 0, unexpected: [] });
    });
  });
}
