import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultProxy } from '../../lab/fault-proxy.ts';
import {
  answerFalse,
  blackHole,
  comeAgain,
  cutAnswerAfter,
  drip,
  hangUp,
  loseAnswer,
  onStandby,
} from '../../lab/http-faults.ts';
import type { AttributeChange, FileSystem } from '../../storage/file-system.ts';
import { settleRename } from '../../sync/settle-rename.ts';
import { bodyOf, bytesOf, FaultyFiles, SHORT } from './faulty-files.ts';
import { labCluster } from './lab-metastore.ts';
import { allowLabSnapshot } from './lab-snapshot.ts';

const ALWAYS = { times: Number.POSITIVE_INFINITY };
const SIGNAL = new AbortController().signal;

let hdfs: FaultyFiles;
let at: (name: string) => string;
const others: FaultProxy[] = [];

beforeAll(async () => {
  hdfs = await FaultyFiles.start();
  at = (name) => hdfs.at(name);
});
afterEach(async () => {
  await hdfs.reset();
  for (const proxy of others.splice(0)) await proxy.close();
});
afterAll(() => hdfs.close());

/** Another way to the same namenode, as if it were another one. */
async function another(): Promise<FaultProxy> {
  const proxy = await FaultProxy.start({ upstream: labCluster('b').webhdfs });
  others.push(proxy);
  return proxy;
}

async function dead(): Promise<string> {
  const proxy = await another();
  await proxy.close();
  return proxy.url;
}

describe('which of several namenodes is asked', () => {
  it('case 7, 10: of a dead one, a standby and an active one the last, and every change is made there once', async () => {
    const standby = await another();
    standby.inject(ALWAYS, onStandby);
    const good = hdfs.cluster.namenode;
    const files = hdfs.connect({ urls: [await dead(), standby.url, good.url] });
    await files.mkdirs(at('ha/d'));
    expect([standby.ops, good.ops]).toEqual([['MKDIRS'], ['MKDIRS']]);
    await files.create(at('ha/d/f'), bodyOf('hello'));
    expect(await files.rename(at('ha/d/f'), at('ha/d/g'))).toEqual({ renamed: true });
    await files.setModificationTime(at('ha/d/g'), 1_000);
    expect(await files.status(at('ha/d/g'))).toMatchObject({ length: 5, modificationTime: 1_000 });
    expect(await files.delete(at('ha/d'))).toBe(true);
    expect(standby.ops).toHaveLength(1);
    expect(good.ops).toEqual(['MKDIRS', 'CREATE', 'RENAME', 'SETTIMES', 'GETFILESTATUS', 'DELETE']);
  });

  it('case 10: after a failover the other one, without an error', async () => {
    const second = await another();
    const handedOver = second.inject(ALWAYS, onStandby);
    const files = hdfs.connect({ urls: [hdfs.cluster.namenode.url, second.url] });
    await files.mkdirs(at('failover'));
    handedOver.remove();
    hdfs.cluster.namenode.inject(ALWAYS, onStandby);
    await files.mkdirs(at('failover/d'));
    expect(await hdfs.truth.status(at('failover/d'))).toMatchObject({ kind: 'folder' });
    expect(second.ops).toEqual(['MKDIRS']);
  });

  it('case 7: a standby never proves an absence', async () => {
    await hdfs.truth.create(at('there'), bodyOf('x'));
    const standby = hdfs.cluster.namenode.inject(ALWAYS, onStandby);
    const files = hdfs.connect({ patience: { rounds: 2, backOff: 20 } });
    const path = at('there');
    const calls: readonly Promise<unknown>[] = [
      files.status(path),
      files.list(hdfs.folder),
      files.checksum(path),
      files.attributes(path),
      files.open(path),
      files.delete(path),
      files.rename(path, at('elsewhere')),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'STANDBY' });
    expect(standby.fired).toBe(2 * calls.length);
    expect(await hdfs.truth.status(path)).toMatchObject({ length: 1 });
  });

  it('one that says to come again is asked again, for a change too', async () => {
    const early = hdfs.cluster.namenode.inject({ op: 'MKDIRS', times: 2 }, comeAgain);
    await hdfs.connect().mkdirs(at('retriable'));
    expect(early.fired).toBe(2);
    expect(await hdfs.truth.status(at('retriable'))).toMatchObject({ kind: 'folder' });
  });

  it('case 2: one that cannot be reached is UNREACHABLE, nothing was begun, and it may come back', async () => {
    const { port } = hdfs.cluster.namenode;
    await port.refuse();
    const files = hdfs.connect({ patience: { rounds: 2, backOff: 20 } });
    let asked = 0;
    const body = async function* () {
      asked += 1;
      yield Buffer.from('x');
    };
    await expect(files.create(at('unreached'), body)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await port.open();
    expect(asked).toBe(0);
    await files.create(at('unreached'), body);
    expect(await hdfs.truth.status(at('unreached'))).toMatchObject({ length: 1 });
  });
});

describe('a namenode that takes a call and does not answer', () => {
  it('case 4: a look goes on to the other one', async () => {
    const silent = await another();
    silent.inject(ALWAYS, blackHole);
    const files = hdfs.connect({ urls: [silent.url, hdfs.cluster.namenode.url], deadlines: SHORT });
    expect(await files.status(hdfs.folder)).toMatchObject({ kind: 'folder' });
    expect(silent.ops).toEqual(['GETFILESTATUS']);
  });

  it('case 4, 48: a change is DEADLINE and is not made elsewhere; the next one is asked of the other', async () => {
    const silent = await another();
    silent.inject(ALWAYS, blackHole);
    const files = hdfs.connect({ urls: [silent.url, hdfs.cluster.namenode.url], deadlines: SHORT });
    await expect(files.mkdirs(at('once'))).rejects.toMatchObject({ code: 'DEADLINE' });
    expect(hdfs.cluster.namenode.ops).toEqual([]);
    await files.mkdirs(at('once'));
    expect(await hdfs.truth.status(at('once'))).toMatchObject({ kind: 'folder' });
    expect(silent.ops).toEqual(['MKDIRS']);
  });

  it('an answer that comes drop by drop is as late as none', async () => {
    const slow = hdfs.cluster.namenode.inject({ op: 'MKDIRS' }, drip(1, 500));
    await expect(hdfs.connect({ deadlines: SHORT }).mkdirs(at('drip'))).rejects.toMatchObject({ code: 'DEADLINE' });
    expect(slow.fired).toBe(1);
  });
});

describe('a listing', () => {
  const FOLDERS = 1_100;

  it('is whole although each of its pages broke off once', async () => {
    const names = Array.from({ length: FOLDERS }, (_, i) => `d${String(i).padStart(4, '0')}`);
    for (let from = 0; from < FOLDERS; from += 50) {
      await Promise.all(names.slice(from, from + 50).map((name) => hdfs.truth.mkdirs(at(`wide/${name}`))));
    }
    const { namenode } = hdfs.cluster;
    const cuts = [
      namenode.inject({ op: 'LISTSTATUS_BATCH', nth: 1 }, cutAnswerAfter(50_000)),
      namenode.inject({ op: 'LISTSTATUS_BATCH', nth: 3 }, hangUp),
    ];
    const found: string[] = [];
    for await (const page of (await hdfs.connect().list(at('wide'))) ?? []) {
      found.push(...page.map(({ name }) => name));
    }
    expect(cuts.map(({ fired }) => fired)).toEqual([1, 1]);
    expect(found).toEqual(names);
    expect(namenode.ops).toHaveLength(4);
  });
});

describe('case 6: an answer of {"boolean":false}', () => {
  it('to MKDIRS is an error, unless the folder is there', async () => {
    const refused = hdfs.cluster.namenode.inject({ op: 'MKDIRS', times: 2 }, answerFalse);
    const files = hdfs.connect();
    await expect(files.mkdirs(at('false'))).rejects.toMatchObject({ code: 'SERVER_ERROR' });
    await hdfs.truth.mkdirs(at('false'));
    await files.mkdirs(at('false'));
    expect(refused.fired).toBe(2);
  });

  it('to DELETE is false where nothing is, as a real namenode says it, and an error where something stays', async () => {
    const files = hdfs.connect();
    expect(await files.delete(at('nothing'))).toBe(false);
    await hdfs.truth.mkdirs(at('stays'));
    hdfs.cluster.namenode.inject({ op: 'DELETE' }, answerFalse);
    await expect(files.delete(at('stays'))).rejects.toMatchObject({ code: 'SERVER_ERROR' });
  });

  it('to RENAME is a refusal, and the source is where it was', async () => {
    await hdfs.truth.mkdirs(at('from'));
    hdfs.cluster.namenode.inject({ op: 'RENAME' }, answerFalse);
    expect(await hdfs.connect().rename(at('from'), at('to'))).toMatchObject({ renamed: false });
    expect(await hdfs.truth.status(at('from'))).toBeDefined();
  });
});

describe('case 48: an answer that is lost after the namenode did it', () => {
  beforeAll(() => hdfs.truth.mkdirs(at('lost')));

  /** The call with its answer lost: told as such, asked once. */
  async function lost(op: string, call: (files: FileSystem) => Promise<unknown>): Promise<void> {
    const { namenode } = hdfs.cluster;
    const injected = namenode.inject({ op }, loseAnswer);
    await expect(call(hdfs.connect())).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(injected.fired).toBe(1);
    expect(namenode.ops.filter((one) => one === op)).toHaveLength(1);
  }

  it('MKDIRS: the folder is there, and asking again is no error', async () => {
    const call = (files: FileSystem) => files.mkdirs(at('lost/a/b'));
    await lost('MKDIRS', call);
    expect(await hdfs.truth.status(at('lost/a/b'))).toMatchObject({ kind: 'folder' });
    await call(hdfs.connect());
  });

  it('RENAME: settled by the identity of the folder, never by asking again', async () => {
    await hdfs.truth.mkdirs(at('lost/from'));
    const id = (await hdfs.truth.status(at('lost/from')))?.fileId ?? '';
    const injected = hdfs.cluster.namenode.inject({ op: 'RENAME' }, loseAnswer);
    const settled = await settleRename(hdfs.connect(), id, at('lost/from'), at('lost/to'), SIGNAL);
    expect(settled).toEqual({ moved: 'yes' });
    expect(injected.fired).toBe(1);
    expect(hdfs.cluster.namenode.ops.filter((op) => op === 'RENAME')).toHaveLength(1);
    expect((await hdfs.truth.status(at('lost/to')))?.fileId).toBe(id);
    expect(await hdfs.truth.status(at('lost/from'))).toBeUndefined();
  });

  it('RENAME that did not happen: the folder is found where it was, and the error says why', async () => {
    await hdfs.truth.mkdirs(at('lost/stays'));
    const id = (await hdfs.truth.status(at('lost/stays')))?.fileId ?? '';
    hdfs.cluster.namenode.inject({ op: 'RENAME' }, hangUp);
    await expect(settleRename(hdfs.connect(), id, at('lost/stays'), at('lost/never'), SIGNAL)).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
    });
    expect((await hdfs.truth.status(at('lost/stays')))?.fileId).toBe(id);
  });

  it('DELETE: it is gone, and asking again says so', async () => {
    await hdfs.truth.create(at('lost/file'), bodyOf('x'));
    const call = (files: FileSystem) => files.delete(at('lost/file'));
    await lost('DELETE', call);
    expect(await hdfs.truth.status(at('lost/file'))).toBeUndefined();
    expect(await call(hdfs.connect())).toBe(false);
  });

  it('SETTIMES: the time is set, and stays so when it is asked again', async () => {
    await hdfs.truth.create(at('lost/timed'), bodyOf('x'));
    const call = (files: FileSystem) => files.setModificationTime(at('lost/timed'), 1_234_567);
    await lost('SETTIMES', call);
    expect(await hdfs.truth.status(at('lost/timed'))).toMatchObject({ modificationTime: 1_234_567 });
    await call(hdfs.connect());
    expect(await hdfs.truth.status(at('lost/timed'))).toMatchObject({ modificationTime: 1_234_567 });
  });

  it('CONCAT: the files are joined, and asking again is refused, since none is left to join', async () => {
    const parts = ['first', 'second'].map((name) => at(`lost/${name}`));
    for (const part of parts) await hdfs.truth.create(part, bodyOf(part));
    const [first = '', second = ''] = parts;
    const call = (files: FileSystem) => files.concat(first, [second]);
    await lost('CONCAT', call);
    expect((await bytesOf(hdfs.truth, first)).toString()).toBe(`${first}${second}`);
    expect(await call(hdfs.connect())).toMatchObject({ joined: false });
    expect(await hdfs.truth.status(first)).toMatchObject({ length: first.length + second.length });
  });

  it('CREATESNAPSHOT, DELETESNAPSHOT: it is made, and gone; asking again is no error', async () => {
    const folder = at('lost/frozen');
    await hdfs.truth.mkdirs(folder);
    await allowLabSnapshot('b', folder);
    const make = (files: FileSystem) => files.createSnapshot(folder, 's');
    await lost('CREATESNAPSHOT', make);
    expect(await hdfs.truth.status(`${folder}/.snapshot/s`)).toMatchObject({ kind: 'folder' });
    expect(await make(hdfs.connect())).toEqual({ made: true });
    const remove = (files: FileSystem) => files.deleteSnapshot(folder, 's');
    await lost('DELETESNAPSHOT', remove);
    expect(await hdfs.truth.status(`${folder}/.snapshot/s`)).toBeUndefined();
    expect(await remove(hdfs.connect())).toBe(false);
  });

  it('CREATE, whose first half names a datanode and makes nothing, is asked again', async () => {
    const injected = hdfs.cluster.namenode.inject({ op: 'CREATE', times: 2 }, loseAnswer);
    await hdfs.connect().create(at('lost/created'), bodyOf('whole'));
    expect(injected.fired).toBe(2);
    expect((await bytesOf(hdfs.truth, at('lost/created'))).toString()).toBe('whole');
  });

  const ACL = ['user:bob:r-x', 'group::r-x', 'default:user::rwx', 'default:group::r-x', 'default:other::---'];
  it.each<[string, AttributeChange, object]>([
    ['SETOWNER', { set: 'owner', owner: 'hive' }, { owner: 'hive' }],
    ['SETOWNER', { set: 'group', group: 'analysts' }, { group: 'analysts' }],
    ['SETPERMISSION', { set: 'permission', permission: '1750' }, { permission: '1750' }],
    ['REMOVEDEFAULTACL', { set: 'acl', acl: ['user:bob:r-x', 'group::r-x'], permission: '750' }, { permission: '750' }],
    ['SETACL', { set: 'acl', acl: ACL, permission: '750' }, { acl: expect.arrayContaining(ACL) }],
    ['SETSTORAGEPOLICY', { set: 'storagePolicy', storagePolicy: 'WARM' }, { storagePolicy: 'WARM' }],
    ['UNSETSTORAGEPOLICY', { set: 'storagePolicy', storagePolicy: undefined }, { storagePolicy: undefined }],
  ])('%s: set again it is as wanted (%j)', async (op, change, wanted) => {
    const path = at(`lost/attributes-${op}-${change.set}`);
    await hdfs.truth.mkdirs(path);
    if (op === 'UNSETSTORAGEPOLICY')
      await hdfs.truth.setAttribute(path, { set: 'storagePolicy', storagePolicy: 'WARM' });
    const call = (files: FileSystem) => files.setAttribute(path, change);
    await lost(op, call);
    if (op !== 'REMOVEDEFAULTACL') expect(await hdfs.truth.attributes(path)).toMatchObject(wanted);
    await call(hdfs.connect());
    expect(await hdfs.truth.attributes(path)).toMatchObject(wanted);
  });
});
