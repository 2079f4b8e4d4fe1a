import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import type { FileSystem } from '../../storage/file-system.ts';
import { attributesContract } from './file-attributes.contract.ts';
import { bytesContract } from './file-bytes.contract.ts';
import { concatContract } from './file-concat.contract.ts';
import { fenceContract } from './file-fence.contract.ts';
import { namespaceContract } from './file-namespace.contract.ts';
import { quotaContract, type SetQuota } from './file-quota.contract.ts';
import { snapshotContract } from './file-snapshot.contract.ts';
import { FileSystemProbe } from './file-system-probe.ts';

export type FileSystemFixture = {
  readonly files: FileSystem;
  /** A folder that is there, empty and this suite's own; the fixture deletes it at the end. */
  readonly folder: string;
  /** Children a page of list(). */
  readonly pageSize: number;
  readonly setQuota: SetQuota;
  /** What an administrator does (dfsadmin -allowSnapshot). */
  allowSnapshot(path: string): Promise<void>;
  close(): Promise<void>;
};

/** What every FileSystem promises; held against the real HDFS and the one in memory alike. */
export function fileSystemContract(name: string, makeFixture: () => Promise<FileSystemFixture>): void {
  describe(name, () => {
    const probe = new FileSystemProbe();
    let fixture: FileSystemFixture;
    let serial = 0;

    beforeAll(async () => {
      fixture = await makeFixture();
      probe.files = fixture.files;
      probe.pageSize = fixture.pageSize;
    });
    afterAll(() => fixture?.close());
    beforeEach(async () => {
      serial += 1;
      probe.at = `${fixture.folder}/t${serial}`;
      await probe.files.mkdirs(probe.at);
    });

    namespaceContract(probe);
    attributesContract(probe);
    quotaContract(probe, (path, quota) => fixture.setQuota(path, quota));
    bytesContract(probe);
    concatContract(probe);
    snapshotContract(probe, (path) => fixture.allowSnapshot(path));
    fenceContract(probe);
  });
}
