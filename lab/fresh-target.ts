import { createWebHdfs } from '../storage/webhdfs/webhdfs-file-system.ts';
import { withHive } from './hive-session.ts';
import { LabError } from './lab-error.ts';
import { readLabState } from './state.ts';

/** Takes a table off cluster b, files and versions too, so that the next sync is a first one. */
export async function dropTarget(database: string, table: string): Promise<void> {
  const lab = readLabState();
  if (lab === undefined) throw new LabError('The lab is not up: npm run lab -- up');
  await withHive('b', (query) => query(`DROP TABLE IF EXISTS \`${database}\`.\`${table}\``));
  const files = createWebHdfs({ cluster: 'b', urls: [lab.clusters.b.webhdfs], user: 'root' });
  try {
    for (const folder of [table, `${table}-versions`]) await files.delete(`/warehouse/${database}.db/${folder}`);
    await files.delete(`/user/root/hive-ferry/tables/${database}.${table}`);
  } finally {
    await files.close();
  }
}
