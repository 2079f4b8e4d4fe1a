import { afterEach, describe, expect, it } from '@jest/globals';
import { answer, FakeCluster, failure, page, refuse } from './fake-cluster.ts';
import type { Play } from './fake-web-server.ts';

const cluster = new FakeCluster();
afterEach(() => cluster.stop());

describe('refusals', () => {
  const QUOTA = 'The DiskSpace quota of /q is exceeded: quota = 3 B but diskspace consumed = 402653184 B = 384 MB';
  const noRoom = (datanodes: string) =>
    `File /f could only be written to 0 of the 1 minReplication nodes. There are ${datanodes} and 0 node(s) are excluded in this operation.`;
  const rows: readonly (readonly [string, Play, string, RegExp])[] = [
    [
      'case 13: a 401 names the scheme',
      page(401, '<h1>Authentication required</h1>', { 'www-authenticate': 'Negotiate' }),
      'AUTH_REQUIRED',
      /by: Negotiate$/,
    ],
    [
      'a dead token',
      refuse(
        403,
        'SecurityException',
        'Failed to obtain user group information: org.apache.hadoop.security.token.SecretManager$InvalidToken: token (...) is expired',
      ),
      'AUTH_REQUIRED',
      /InvalidToken/,
    ],
    [
      'no right',
      refuse(
        403,
        'AccessControlException',
        'Permission denied: user=u, access=WRITE, inode="/":root:supergroup:drwxr-xr-x',
      ),
      'PERMISSION_DENIED',
      /inode="\/"/,
    ],
    [
      'case 29: the quota, in its own words and without the stack trace',
      refuse(403, 'DSQuotaExceededException', `${QUOTA}\n\tat org.apache.hadoop.hdfs.X.y(X.java:1)\n`),
      'QUOTA_EXCEEDED',
      new RegExp(`${QUOTA}$`),
    ],
    [
      'too many names',
      refuse(403, 'NSQuotaExceededException', 'The NameSpace quota is exceeded'),
      'QUOTA_EXCEEDED',
      /NameSpace/,
    ],
    [
      'safe mode',
      refuse(403, 'SafeModeException', 'Cannot create directory /d. Name node is in safe mode.'),
      'SAFE_MODE',
      /safe mode/,
    ],
    [
      'safe mode of a pair',
      refuse(403, 'RetriableException', 'Cannot create. Name node is in safe mode.'),
      'SAFE_MODE',
      /safe mode/,
    ],
    [
      'a snapshot holds it',
      refuse(403, 'SnapshotException', 'cannot be deleted since it is snapshottable'),
      'PERMISSION_DENIED',
      /snapshottable/,
    ],
    ['case 29: full disks', refuse(403, 'IOException', noRoom('1 datanode(s) running')), 'NO_SPACE', /minReplication/],
    [
      'no datanode alive',
      refuse(403, 'IOException', noRoom('0 datanode(s) running')),
      'SERVER_ERROR',
      /minReplication/,
    ],
    ['another failure', refuse(500, 'NullPointerException', 'boom'), 'SERVER_ERROR', /NullPointerException: boom/],
    [
      'a page instead of an answer',
      page(200, '<html><body>Welcome to <b>nginx</b></body></html>'),
      'BAD_ANSWER',
      /Welcome to nginx/,
    ],
    ['a 404 that is not HDFS', page(404, '<h1>Not Found</h1>'), 'BAD_ANSWER', /HTTP 404, text\/html: Not Found/],
    ['JSON of something else', answer({ ok: true }), 'BAD_ANSWER', /"ok":true/],
    ['a redirect to somewhere', page(302, '', { location: 'http://login.example/' }), 'BAD_ANSWER', /HTTP 302/],
  ];
  it.each(rows)('%s', async (_, play, code, message) => {
    const namenode = await cluster.serve(play);
    const failed = await failure(cluster.connect([namenode.url]).mkdirs('/d'));
    expect(failed.code).toBe(code);
    expect(failed.message).toMatch(message);
  });

  it('case 7: only FileNotFoundException is an absence', async () => {
    for (const [, play, code] of rows) {
      const namenode = await cluster.serve(play);
      expect((await failure(cluster.connect([namenode.url]).status('/f'))).code).toBe(code);
    }
    const absent = await cluster.serve(refuse(404, 'FileNotFoundException', 'File does not exist: /f'));
    expect(await cluster.connect([absent.url]).status('/f')).toBeUndefined();
  });

  it('a path that leads through a file is absent, however the operation words it', async () => {
    const namenode = await cluster.serve(refuse(403, 'AccessControlException', '/f (is not a directory)'));
    const files = cluster.connect([namenode.url]);
    expect(await files.list('/f/below')).toBeUndefined();
    expect(await files.delete('/f/below')).toBe(false);
    expect(await files.rename('/f/below', '/b')).toMatchObject({ renamed: false });
    expect((await failure(files.setModificationTime('/f/below', 1))).code).toBe('PATH_ABSENT');
    expect((await failure(files.mkdirs('/f/below'))).code).toBe('NOT_A_FOLDER');
  });

  it('a path that reads like a refusal is none', async () => {
    const odd = '/must both be directories/is under construction (is not a directory)';
    const namenode = await cluster.serve(refuse(403, 'IOException', `boom ${odd} boom`));
    const files = cluster.connect([namenode.url]);
    expect((await failure(files.rename(odd, '/b'))).code).toBe('SERVER_ERROR');
    expect((await failure(files.checksum(odd))).code).toBe('SERVER_ERROR');
    expect((await failure(files.delete(odd))).code).toBe('SERVER_ERROR');
  });
});
