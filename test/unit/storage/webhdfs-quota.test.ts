import { afterEach, describe, expect, it } from '@jest/globals';
import { answer, FakeCluster, refuse } from './fake-cluster.ts';
import { fileStatus, type Play } from './fake-web-server.ts';

const cluster = new FakeCluster();
afterEach(() => cluster.stop());

const unknown = (op: string) =>
  refuse(
    400,
    'IllegalArgumentException',
    `Invalid value for webhdfs parameter "op": No enum constant GetOpParam.Op.${op}`,
  );

async function connect(plays: Readonly<Record<string, Play>>) {
  const namenode = await cluster.serve((seen, response) => {
    const op = seen.query.get('op') ?? '';
    return (plays[op] ?? unknown(op))(seen, response);
  });
  return { namenode, files: cluster.connect([namenode.url]) };
}

const usage = { fileAndDirectoryCount: 683, spaceConsumed: 95_833_009, typeQuota: {} };

describe('quotas over WebHDFS', () => {
  it.each([
    [
      { quota: -1, spaceQuota: -1 },
      { nameQuota: undefined, spaceQuota: undefined },
    ],
    [
      { quota: 1000, spaceQuota: 5_000_000 },
      { nameQuota: 1000, spaceQuota: 5_000_000 },
    ],
    // The root of every namespace.
    [
      { quota: 2 ** 63, spaceQuota: -1 },
      { nameQuota: undefined, spaceQuota: undefined },
    ],
  ])('%j is told as %j', async (quotas, told) => {
    const { files } = await connect({ GETQUOTAUSAGE: answer({ QuotaUsage: { ...usage, ...quotas } }) });
    expect(await files.quotaUsage('/w')).toEqual({ names: 683, space: 95_833_009, ...told });
  });

  it('a namenode that does not know GETQUOTAUSAGE is asked for the content summary', async () => {
    const summary = { directoryCount: 407, fileCount: 276, length: 1, quota: 900, spaceConsumed: 7, spaceQuota: -1 };
    const { files, namenode } = await connect({ GETCONTENTSUMMARY: answer({ ContentSummary: summary }) });
    expect(await files.quotaUsage('/w')).toEqual({ names: 683, nameQuota: 900, space: 7, spaceQuota: undefined });
    expect(namenode.ops).toEqual(['GETQUOTAUSAGE', 'GETCONTENTSUMMARY']);
  });

  it('a folder that may not be looked through is PERMISSION_DENIED; an answer without counts is BAD_ANSWER', async () => {
    const denied = refuse(403, 'AccessControlException', 'Permission denied: user=u, access=READ_EXECUTE, inode="/w"');
    const closed = await connect({ GETQUOTAUSAGE: denied });
    await expect(closed.files.quotaUsage('/w')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    const odd = await connect({ GETQUOTAUSAGE: answer({ QuotaUsage: { quota: 1 } }) });
    await expect(odd.files.quotaUsage('/w')).rejects.toMatchObject({ code: 'BAD_ANSWER' });
  });

  it('how new files are written is told by GETSERVERDEFAULTS, and unknown where that is', async () => {
    const defaults = { replication: 3, blockSize: 134_217_728, checksumType: 2 };
    const { files } = await connect({ GETSERVERDEFAULTS: answer({ FsServerDefaults: defaults }) });
    expect(await files.fileDefaults()).toEqual({ replication: 3, blockSize: 134_217_728 });
    const old = await connect({});
    expect(await old.files.fileDefaults()).toBeUndefined();
  });

  it('encryption, erasure coding, ACLs and storage policies show in a status where a server tells them', async () => {
    const { files } = await connect({
      GETFILESTATUS: answer({
        FileStatus: fileStatus({ aclBit: true, encBit: true, ecBit: true, ecPolicy: 'RS-6-3-1024k', storagePolicy: 2 }),
      }),
    });
    expect(await files.status('/w')).toMatchObject({
      encrypted: true,
      erasureCoding: 'RS-6-3-1024k',
      hasAcl: true,
      storagePolicyId: 2,
    });
    const plain = await connect({ GETFILESTATUS: answer({ FileStatus: fileStatus() }) });
    expect(await plain.files.status('/w')).toMatchObject({ encrypted: false, hasAcl: false, storagePolicyId: 0 });
  });
});
