import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { confXml, writeConfFiles } from './conf-file.ts';
import type { ClusterName } from './hadoop-conf.ts';
import { findHttpFsJars } from './jars.ts';
import { findJava } from './java.ts';
import { LabError } from './lab-error.ts';
import { borrowPort } from './ports.ts';
import type { Progress } from './progress.ts';
import { lastLogLines } from './server-process.ts';
import { HADOOP_JVM_OPTIONS } from './servers.ts';
import { LAB_FOLDER, readLabState } from './state.ts';

/** A real HttpFS 3.4.1 before one cluster of the lab. */
export type HttpFs = {
  /** As a config names it: 'http://127.0.0.1:port'. */
  readonly url: string;
  /** Ends it, and takes what it kept away. */
  end(): Promise<void>;
};

const READY_WITHIN_MS = 120_000;

/** Starts one and waits until it answers; it serves whoever names himself, as the lab's namenodes do. */
export async function startHttpFs(cluster: ClusterName, progress: Progress): Promise<HttpFs> {
  const lab = readLabState();
  if (lab === undefined) throw new LabError('The lab is not up: npm run lab -- up');
  const java = await findJava();
  const classPath = await findHttpFsJars(java, progress);
  const home = join(LAB_FOLDER, `httpfs-${cluster}-${process.pid}`);
  const port = await borrowPort();
  const conf = layOut(home, lab.clusters[cluster].fileSystem, port);
  const log = join(LAB_FOLDER, 'logs', `httpfs-${cluster}.log`);
  const output = openSync(log, 'w');
  const args = [
    ...HADOOP_JVM_OPTIONS,
    ...['-XX:TieredStopAtLevel=1', '-Xmx256m', `-Dhttpfs.home.dir=${home}`],
    ...['config', 'log', 'temp'].map((name) => `-Dhttpfs.${name}.dir=${join(home, name)}`),
    ...['-cp', [conf, classPath].join(delimiter), 'org.apache.hadoop.fs.http.server.HttpFSServerWebServer'],
  ];
  const server = spawn(java.binary, args, {
    cwd: home,
    env: { ...process.env, HADOOP_USER_NAME: 'root' },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()).once('error', () => resolve()));
  const end = async () => {
    server.kill('SIGKILL');
    await ended;
    rmSync(home, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(url))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await end();
      throw new LabError(`HttpFS did not start. The end of its log (${log}):\n${lastLogLines(log)}`);
    }
    await sleep(150);
  }
  return { url, end };
}

/** The folders that it wants to find (ServerWebApp), and its settings. */
function layOut(home: string, fileSystem: string, port: number): string {
  const conf = join(home, 'config');
  for (const folder of [conf, join(home, 'log'), join(home, 'temp')]) mkdirSync(folder, { recursive: true });
  writeConfFiles(conf, {
    'core-site.xml': confXml({ 'fs.defaultFS': fileSystem, 'hadoop.tmp.dir': join(home, 'temp') }),
    'hdfs-site.xml': confXml({ 'dfs.client.use.datanode.hostname': true }),
    'httpfs-site.xml': confXml({ 'httpfs.http.hostname': '127.0.0.1', 'httpfs.http.port': port }),
  });
  writeFileSync(join(conf, 'httpfs-signature.secret'), randomBytes(16).toString('hex'));
  return conf;
}

async function answers(url: string): Promise<boolean> {
  try {
    const { ok } = await fetch(`${url}/webhdfs/v1/?op=GETFILESTATUS&user.name=root`, {
      signal: AbortSignal.timeout(5_000),
    });
    return ok;
  } catch {
    return false;
  }
}
