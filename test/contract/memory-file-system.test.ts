import { MemoryFileSystem } from '../../storage/memory-file-system.ts';
import { fileSystemContract } from './file-system.contract.ts';

fileSystemContract('HDFS in memory', async () => {
  const pageSize = 4;
  const files = new MemoryFileSystem({ cluster: 'm', pageSize });
  await files.mkdirs('/contract');
  const setQuota = async (...args: Parameters<typeof files.setQuota>) => files.setQuota(...args);
  const allowSnapshot = async (path: string) => files.allowSnapshot(path);
  return { files, folder: '/contract', pageSize, setQuota, allowSnapshot, close: () => files.close() };
});
