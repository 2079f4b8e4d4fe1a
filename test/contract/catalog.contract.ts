import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { catalogPartitions } from './catalog-partitions.contract.ts';
import { catalogTables } from './catalog-tables.contract.ts';
import { type CatalogFixture, catalogWorld } from './catalog-world.ts';

/** What every Catalog promises; held against the real metastore and the one in memory alike. */
export function catalogContract(name: string, makeFixture: () => Promise<CatalogFixture>): void {
  describe(name, () => {
    let fixture: CatalogFixture | undefined;
    const world = catalogWorld(() => {
      if (fixture === undefined) throw new Error('the fixture is not made yet');
      return fixture;
    });

    beforeAll(async () => {
      fixture = await makeFixture();
      await fixture.catalog.apply({ kind: 'create-database', database: fixture.database });
    }, 60_000);
    afterAll(() => fixture?.close(), 60_000);

    catalogTables(world);
    catalogPartitions(world);

    it('case 52: hands the reason of an aborted signal through, untouched', async () => {
      const { catalog, database } = world.fixture();
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
