import { jest } from '@jest/globals';
import { createHiveServer2 } from '../../hive/hiveserver2/hiveserver2.ts';
import { createHiveServer2Catalog } from '../../hive/hiveserver2/hiveserver2-catalog.ts';
import { parsePartitionName, quoteString } from '../../hive/partition-name.ts';
import { nameText } from '../../hive/statements.ts';
import { catalogContract } from '../contract/catalog.contract.ts';
import { deleteScratch, dropDatabases, labCluster, scratchName } from './lab-metastore.ts';

jest.setTimeout(120_000);

catalogContract("the catalog over a lab cluster's HiveServer2 alone", async () => {
  const cluster = labCluster('b');
  const database = scratchName();
  const options = { cluster: 'b', ...cluster.hiveserver2, auth: 'nosasl', user: 'hive' } as const;
  const catalog = createHiveServer2Catalog(options);
  const sql = createHiveServer2(options);
  return {
    catalog,
    database,
    folder: `${cluster.fileSystem}/tmp/${database}`,
    many: 150,
    async putStatistics(of, partition) {
      const spec = parsePartitionName(partition).map(({ key, value }) => `${key}=${quoteString(value)}`);
      await sql.execute(
        `ALTER TABLE ${nameText(of)} PARTITION (${spec.join(', ')}) UPDATE STATISTICS SET ('numRows'='5')`,
      );
    },
    close: async () => {
      await Promise.all([catalog.close(), sql.close()]);
      await dropDatabases(cluster.metastore, [database, `${database}_own`]);
      await deleteScratch(cluster, database);
    },
  };
});
