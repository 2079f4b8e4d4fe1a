import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf } from '../../errors/ferry-error.ts';
import type { Catalog } from '../../hive/catalog.ts';
import type { CatalogChange, PartitionAlteration } from '../../hive/change.ts';
import { formatPartitionName } from '../../hive/partition-name.ts';
import type { Partition, StorageDescriptor, Table, TableName } from '../../hive/table.ts';

export type CatalogFixture = {
  readonly catalog: Catalog;
  /** A database name that is not taken; the fixture drops it, and `<name>_own`, with all its tables at the end. */
  readonly database: string;
  /** The folder that tables may be laid into, as a catalog URI without a trailing slash. */
  readonly folder: string;
  close(): Promise<void>;
};

const STATISTICS = { numRows: '5', numFiles: '1', totalSize: '99', COLUMN_STATS_ACCURATE: '{"BASIC_STATS":"true"}' };

/** What every Catalog promises; held against the real metastore and the one in memory alike. */
export function catalogContract(name: string, makeFixture: () => Promise<CatalogFixture>): void {
  describe(name, () => {
    let fixture: CatalogFixture;
    let catalog: Catalog;
    let database: string;
    let serial = 0;

    beforeAll(async () => {
      fixture = await makeFixture();
      ({ catalog, database } = fixture);
      await catalog.apply({ kind: 'create-database', database });
    });
    afterAll(() => fixture?.close());

    const storage = (location: string): StorageDescriptor => ({
      columns: [
        { name: 'id', type: 'int', comment: 'the key' },
        { name: 'note', type: 'string' },
      ],
      location,
      inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      serde: {
        library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
        parameters: { 'field.delim': '\u0001', 'serialization.format': '\u0001' },
      },
      compressed: false,
      numBuckets: -1,
      bucketColumns: [],
      sortColumns: [],
      parameters: {},
      storedAsSubDirectories: false,
    });

    const tableOf = (over: Partial<Table> = {}): Table => {
      serial += 1;
      const table = over.name ?? `t${serial}`;
      return {
        database,
        name: table,
        owner: 'ferry',
        kind: 'EXTERNAL_TABLE',
        storage: storage(`${fixture.folder}/${table}`),
        partitionKeys: [
          { name: 'dt', type: 'string' },
          { name: 'n', type: 'int' },
        ],
        parameters: { 'external.table.purge': 'false', purpose: 'contract' },
        createTime: 0,
        ...over,
      };
    };
    const nameOf = (table: Table): TableName => ({ database: table.database, table: table.name });

    const create = async (over: Partial<Table> = {}): Promise<{ table: Table; of: TableName }> => {
      const table = tableOf(over);
      await catalog.apply({ kind: 'create-table', table });
      return { table, of: nameOf(table) };
    };

    const partition = (table: Table, values: readonly string[], over: Partial<Partition> = {}): Partition => ({
      values,
      storage: storage(`${table.storage.location}/${formatPartitionName(['dt', 'n'], values)}`),
      parameters: { mark: 'first' },
      ...over,
    });

    const read = async (of: TableName, names: readonly string[]): Promise<Map<string, Partition>> => {
      const found = new Map<string, Partition>();
      for await (const batch of catalog.partitions(of, names)) {
        expect(batch.length).toBeGreaterThan(0);
        for (const one of batch) found.set(formatPartitionName(['dt', 'n'], one.values), one);
      }
      return found;
    };
    const readOne = async (of: TableName, one: string): Promise<Partition> => {
      const found = (await read(of, [one])).get(one);
      if (found === undefined) throw new Error(`${one} is not registered`);
      return found;
    };
    const codeOfApply = async (change: CatalogChange): Promise<string> =>
      catalog.apply(change).then((applied) => `no error, changed ${applied.changed}`, codeOf);

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
          location: `${fixture.folder}/own`,
        };
        expect(await catalog.apply(change)).toEqual({ changed: 1, unexpected: [] });
        expect((await catalog.database(`${database}_own`))?.location).toBe(`${fixture.folder}/own`);
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
          owner: 'ferry',
          kind: 'EXTERNAL_TABLE',
          storage: table.storage,
          partitionKeys: table.partitionKeys,
          parameters: { ...table.parameters, EXTERNAL: 'TRUE' },
        });
        expect(found?.createTime).toBeGreaterThan(1_700_000_000);
        expect(found?.id).toMatch(/^\d+$/);
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
          parameters: { own: 'yes' },
          skewed: { columns: ['k'], values: [['1'], ['2']] },
          storedAsSubDirectories: true,
        };
        const { of } = await create({ storage: full });
        expect((await catalog.table(of))?.storage).toEqual(full);
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

    describe('columns (case 43)', () => {
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

    describe('partitions', () => {
      it('come back as they were registered, with their literal location (case 20, case 44)', async () => {
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

      it('with nasty values keep them, in name and location (case 22)', async () => {
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
          parameters: { mark: 'second' },
        };
        const applied = await catalog.apply({
          kind: 'add-partitions',
          of,
          partitions: [second, partition(table, ['b', '2'])],
        });
        expect(applied).toEqual({ changed: 1, unexpected: [] });
        expect(await readOne(of, 'dt=a/n=1')).toEqual(before);
      });

      it('carry no statistics when they are registered (case 41)', async () => {
        const { table, of } = await create();
        const one = partition(table, ['a', '1'], { parameters: { ...STATISTICS, mark: 'x' } });
        await catalog.apply({ kind: 'add-partitions', of, partitions: [one] });
        const { parameters } = await readOne(of, 'dt=a/n=1');
        expect(parameters.mark).toBe('x');
        for (const key of Object.keys(STATISTICS)) expect(parameters).not.toHaveProperty(key);
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
        const all = Array.from({ length: 2500 }, (_, i) => partition(table, ['many', String(i)]));
        expect(await catalog.apply({ kind: 'add-partitions', of, partitions: all })).toEqual({
          changed: 2500,
          unexpected: [],
        });
        const names = (await catalog.partitionNames(of)) ?? [];
        expect(names).toHaveLength(2500);
        expect(names).toEqual([...names].sort());
        expect((await read(of, ['dt=many/n=none', ...names, 'dt=none/n=1'])).size).toBe(2500);
        expect(await catalog.apply({ kind: 'drop-partitions', of, names })).toEqual({ changed: 2500, unexpected: [] });
      }, 120_000);

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
        expect(after.parameters).toMatchObject({ mark: 'first', 'hive-ferry.run': 'r1' });
      });

      it('drops the statistics (case 41)', async () => {
        const { of, before } = await made();
        const seed = alteration(before, { parameters: STATISTICS });
        await catalog.apply({ kind: 'alter-partitions', of, partitions: [seed] });
        expect((await readOne(of, 'dt=a/n=1')).parameters).toMatchObject(STATISTICS);
        await catalog.apply({
          kind: 'alter-partitions',
          of,
          partitions: [alteration(before, { parameters: { run: '2' } })],
        });
        const { parameters } = await readOne(of, 'dt=a/n=1');
        expect(parameters).toMatchObject({ mark: 'first', run: '2' });
        for (const key of Object.keys(STATISTICS)) expect(parameters).not.toHaveProperty(key);
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
        const moved = alteration(before, { expectLocation: `${table.storage.location}/old`, parameters: { x: '1' } });
        const gone = { ...moved, values: ['none', '3'] };
        const fine = alteration(await readOne(of, 'dt=b/n=2'), { parameters: { x: '1' } });
        const applied = await catalog.apply({ kind: 'alter-partitions', of, partitions: [moved, fine, gone] });
        expect(applied).toEqual({ changed: 1, unexpected: ['dt=a/n=1', 'dt=none/n=3'] });
        expect(await readOne(of, 'dt=a/n=1')).toEqual(before);
        expect((await readOne(of, 'dt=b/n=2')).parameters).toMatchObject({ x: '1' });
      });

      it('that was done already is neither changed nor unexpected', async () => {
        const { table, of, before } = await made();
        const location = `${table.storage.location}-versions/r1/dt=a/n=1`;
        const change: CatalogChange = {
          kind: 'alter-partitions',
          of,
          partitions: [alteration(before, { location, parameters: { run: '1' } })],
        };
        expect(await catalog.apply(change)).toEqual({ changed: 1, unexpected: [] });
        expect(await catalog.apply(change)).toEqual({ changed: 0, unexpected: [] });
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
        for (const key of Object.keys(STATISTICS)) expect(after?.parameters).not.toHaveProperty(key);
      });
    });

    it('hands the reason of an aborted signal through, untouched (case 52)', async () => {
      const reason = new Error('stop');
      const options = { signal: AbortSignal.abort(reason) };
      const calls = [
        catalog.database(database, options),
        catalog.table({ database, table: 'none' }, options),
        catalog.partitionNames({ database, table: 'none' }, options),
        catalog.apply({ kind: 'create-database', database }, options),
      ];
      for (const call of calls) await expect(call).rejects.toBe(reason);
    });
  });
}

/** An alteration that changes nothing of a partition but what is given. */
function alteration(before: Partition, over: Partial<PartitionAlteration>): PartitionAlteration {
  const { location } = before.storage;
  return { values: before.values, expectLocation: location, location, parameters: {}, ...over };
}
