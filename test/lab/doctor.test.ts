import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Check } from '../../cli/doctor/check.ts';
import type { DoctorDocument } from '../../cli/doctor/report.ts';
import { type LabCluster, type LabState, readLabState } from '../../lab/state.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { documentOf, ferry } from './ferry.ts';
import { labFiles } from './lab-tables.ts';

jest.setTimeout(120_000);

const QUEUE = 'doctor-tests';

let lab: LabState;
let folder: string;
let worker: WorkerProcess;
let b: FileSystem;
let kerberos: Server;

beforeAll(async () => {
  const up = readLabState();
  if (up === undefined) throw new Error('The lab is not up: npm run lab -- up');
  lab = up;
  b = labFiles('b');
  folder = mkdtempSync(join(tmpdir(), 'ferry-doctor-'));
  kerberos = createServer((_, response) => response.writeHead(401, { 'www-authenticate': 'Negotiate' }).end());
  await new Promise<void>((resolve) => kerberos.listen(0, '127.0.0.1', resolve));
  worker = await startWorker({ name: QUEUE, args: ['--task-queue', QUEUE] });
});

afterAll(async () => {
  await worker?.end('SIGTERM');
  await b?.close();
  kerberos?.close();
  rmSync(folder, { recursive: true, force: true });
});

type ClusterChange = Readonly<Record<string, unknown>>;

/** A config over the lab, with a cluster of it changed. */
function configWith(name: string, changes: { readonly a?: ClusterChange; readonly b?: ClusterChange }): string {
  const cluster = ({ webhdfs, fileSystem, metastore, hiveserver2 }: LabCluster, change: ClusterChange = {}) => ({
    ...{ webhdfs, fileSystem, metastore, user: 'root', hiveserver2: { ...hiveserver2, auth: 'nosasl' } },
    ...change,
  });
  const { address, namespace } = lab.temporal;
  const config = {
    temporal: { address, namespace },
    clusters: { a: cluster(lab.clusters.a, changes.a), b: cluster(lab.clusters.b, changes.b) },
  };
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, `export default ${JSON.stringify(config)};\n`);
  return file;
}

async function doctor(...args: string[]): Promise<{ exitCode: number; document: DoctorDocument }> {
  const ran = await ferry(['doctor', '--task-queue', QUEUE, '--json', ...args]);
  return { exitCode: ran.exitCode, document: documentOf<DoctorDocument>(ran) };
}

const failed = ({ checks }: DoctorDocument) =>
  checks.filter(({ status }) => status === 'fail').map(({ subject, id }) => `${subject}/${id}`);

const named = ({ checks }: DoctorDocument, subject: string, id: string): Check | undefined =>
  checks.find((check) => check.subject === subject && check.id === id);

async function leftBehind(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of (await b.list('/user/root/hive-ferry')) ?? [])
    found.push(...page.map(({ name }) => name).filter((name) => name.startsWith('doctor-')));
  return found;
}

describe('ferry doctor, over the lab', () => {
  it('finds all good, and leaves nothing behind', async () => {
    const { exitCode, document } = await doctor('--source', 'a', '--target', 'b');
    expect(document.checks.filter(({ status }) => status === 'fail' || status === 'unknown')).toEqual([]);
    expect(exitCode).toBe(0);
    expect(document.counts.ok).toBeGreaterThanOrEqual(24);
    expect(named(document, 'b', 'closing-delay')?.says).toMatch(/^\d+ ms at /);
    expect(named(document, 'b', 'hiveserver2')?.says).toMatch(/Hive 4\./);
    expect(named(document, 'b', 'clock')).toMatchObject({ status: 'ok' });
    expect(await leftBehind()).toEqual([]);
  });

  it('tells a person the same, in lines', async () => {
    const { exitCode, stdout } = await ferry(['doctor', '--task-queue', QUEUE, '--source', 'a', '--target', 'b']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^b\n {2}✓ hdfs /m);
    expect(stdout).toMatch(/✓ \d+ checks, /);
  });

  it('wrong ports: each server by its name, with the setting to correct', async () => {
    const config = configWith('ports', {
      a: { webhdfs: 'http://127.0.0.1:1', metastore: 'thrift://127.0.0.1:1' },
      b: { hiveserver2: { host: '127.0.0.1', port: 1, auth: 'nosasl' } },
    });
    const { exitCode, document } = await doctor('--config', config, '--source', 'a', '--target', 'b');
    expect(exitCode).toBe(1);
    expect(failed(document)).toEqual(['a/hdfs', 'a/metastore', 'b/hiveserver2']);
    expect(named(document, 'a', 'hdfs')?.fix).toContain('clusters.a.webhdfs');
    expect(named(document, 'a', 'metastore')?.fix).toContain('clusters.a.metastore');
    expect(named(document, 'b', 'hiveserver2')?.fix).toContain('clusters.b.hiveserver2');
  });

  it('a user without rights, and a file system by another name', async () => {
    const config = configWith('user', {
      b: { user: 'stranger', controlRoot: '/user/root/hive-ferry', fileSystem: 'hdfs://elsewhere' },
    });
    const { exitCode, document } = await doctor('--config', config, '--target', 'b');
    expect(exitCode).toBe(1);
    expect(failed(document)).toEqual(['b/write', 'b/file-system']);
    expect(named(document, 'b', 'write')?.fix).toContain('Give "stranger" rwx there');
    expect(named(document, 'b', 'user')).toMatchObject({ status: 'warn' });
    expect(named(document, 'b', 'file-system')?.fix).toContain(lab.clusters.b.fileSystem);
    expect(await leftBehind()).toEqual([]);
  });

  it('an unknown namespace, and how to make it', async () => {
    const { exitCode, document } = await doctor('--source', 'a', '--namespace', 'no-such-namespace');
    expect(exitCode).toBe(1);
    expect(failed(document)).toEqual(['temporal/namespace']);
    expect(named(document, 'temporal', 'namespace')?.fix).toContain('namespace create -n no-such-namespace');
  });

  it('no Temporal server', async () => {
    const { exitCode, document } = await doctor('--source', 'a', '--address', '127.0.0.1:1');
    expect(exitCode).toBe(1);
    expect(failed(document)).toEqual(['temporal/server']);
  });

  it('a queue that no worker asks, and how to start one', async () => {
    const { exitCode, document } = await doctor('--source', 'a', '--task-queue', 'doctor-tests-nobody');
    expect(exitCode).toBe(1);
    expect(failed(document)).toEqual(['temporal/workers']);
    expect(named(document, 'temporal', 'workers')?.fix).toMatch(/^Start one: .*worker$/);
  });

  it('a 401 Negotiate says which cluster asks for Kerberos', async () => {
    const webhdfs = `http://127.0.0.1:${(kerberos.address() as AddressInfo).port}`;
    const { exitCode, document } = await doctor(
      '--config',
      configWith('kerberos', { a: { webhdfs } }),
      '--source',
      'a',
    );
    expect(exitCode).toBe(1);
    expect(failed(document)).toEqual(['a/hdfs', 'a/authentication']);
    expect(named(document, 'a', 'hdfs')?.fix).toMatch(/^Cluster "a" asks for Kerberos/);
  });

  it('a config with mistakes is the one thing told', async () => {
    const { exitCode, document } = await doctor('--config', configWith('config', { a: { user: '' } }));
    expect(exitCode).toBe(1);
    expect(document.checks).toMatchObject([{ id: 'file', subject: 'config', status: 'fail' }]);
    expect(document.checks[0]?.says).toContain('clusters.a.user');
  });

  it('a cluster that is none is a mistake of the command', async () => {
    const { exitCode, stderr } = await ferry(['doctor', '--source', 'c']);
    expect(exitCode).toBe(64);
    expect(stderr).toContain('"c" is not a cluster');
  });
});
