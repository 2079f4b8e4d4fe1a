import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { loginAs, MetastoreConnections } from '../../hive/metastore/connections.ts';
import { parseMetastoreUri } from '../../hive/metastore/metastore-catalog.ts';
import { type LabCluster, readLabState } from '../../lab/state.ts';

/** A cluster of the running lab. */
export function labCluster(name: 'a' | 'b'): LabCluster {
  const lab = readLabState();
  if (lab === undefined) throw new Error('The lab is not up: npm run lab -- up');
  return lab.clusters[name];
}

/** A name for a database of a test's own. */
export function scratchName(): string {
  return `ferry_test_${randomUUID().slice(0, 8)}`;
}

/** Drops databases with their tables and files; absent ones are left out. */
export async function dropDatabases(metastore: string, names: readonly string[]): Promise<void> {
  const connections = new MetastoreConnections({
    addresses: parseMetastoreUri(metastore),
    login: loginAs('hive'),
    connectMs: 5_000,
    callMs: 60_000,
    maxAnswerBytes: 1_000_000,
    most: 1,
  });
  try {
    for (const name of names) {
      await connections
        .call('drop_database', (client) => client.drop_database(name, true, true))
        .catch((error: Error) => {
          if (error.name !== 'NoSuchObjectException') throw error;
        });
    }
  } finally {
    connections.close();
  }
}

/**
 * Deletes /tmp/<name> of a cluster's HDFS: dropping an external table leaves its files. Done as the user that started
 * the lab, who may delete everything.
 */
export async function deleteScratch(cluster: LabCluster, name: string): Promise<void> {
  const url = `${cluster.webhdfs}/webhdfs/v1/tmp/${name}?op=DELETE&recursive=true&user.name=${userInfo().username}`;
  const answer = await fetch(url, { method: 'DELETE' });
  if (!answer.ok) throw new Error(`DELETE /tmp/${name}: ${answer.status} ${await answer.text()}`);
}
