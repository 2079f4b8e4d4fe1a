import { jest } from '@jest/globals';
import { createMetastoreCatalog } from '../../hive/metastore/metastore-catalog.ts';
import { catalogContract } from '../contract/catalog.contract.ts';
import { deleteScratch, dropDatabases, labCluster, scratchName } from './lab-metastore.ts';

jest.setTimeout(60_000);

catalogContract("the catalog over a lab cluster's metastore", async () => {
  const cluster = labCluster('b');
  const { metastore, fileSystem } = cluster;
  const database = scratchName();
  const catalog = createMetastoreCatalog({ cluster: 'b', uri: metastore, user: 'hive' });
  return {
    catalog,
    database,
    folder: `${fileSystem}/tmp/${database}`,
    close: async () => {
      await catalog.close();
      await dropDatabases(metastore, [database, `${database}_own`]);
      await deleteScratch(cluster, database);
    },
  };
});
