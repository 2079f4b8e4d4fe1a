import { jest } from '@jest/globals';
import { readLabState } from '../../lab/state.ts';
import { createWebHdfs } from '../../storage/webhdfs/webhdfs-file-system.ts';
import { fileSystemContract } from '../contract/file-system.contract.ts';
import { setLabQuota } from './lab-quota.ts';
import { allowLabSnapshot } from './lab-snapshot.ts';

jest.setTimeout(60_000);

fileSystemContract('WebHDFS of the lab, cluster b', async () => {
  const lab = readLabState();
  if (lab === undefined) throw new Error('the lab is not running: npm run lab -- up');
  const files = createWebHdfs({ cluster: 'b', urls: [lab.clusters.b.webhdfs], user: 'root' });
  const folder = `/tmp/contract-${process.pid}-${Date.now()}`;
  await files.mkdirs(folder);
  // dfs.ls.limit, as it comes.
  const pageSize = 1000;
  const close = async () => {
    await files.delete(folder);
    await files.close();
  };
  return {
    files,
    folder,
    pageSize,
    setQuota: (path, quota) => setLabQuota('b', path, quota),
    allowSnapshot: (path) => allowLabSnapshot('b', path),
    close,
  };
});
