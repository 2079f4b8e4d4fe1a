import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ClusterName } from './hadoop-conf.ts';
import { WAREHOUSE } from './hive-conf.ts';
import { LabError } from './lab-error.ts';
import type { Progress } from './progress.ts';
import { runCommand } from './run-command.ts';
import { dataFolder, HADOOP_JVM_OPTIONS, hadoopConfFolder, type Tools } from './servers.ts';

/** False for a new cluster, and for one whose formatting was interrupted: it is made aside and renamed in. */
export function isFormatted(cluster: ClusterName): boolean {
  return existsSync(join(dataFolder(cluster), 'namenode', 'current', 'VERSION'));
}

/** Makes an empty HDFS for a cluster none of whose servers runs; whatever an earlier HDFS left (blocks, tables) goes. */
export async function formatCluster(cluster: ClusterName, { java, jars }: Tools, progress: Progress): Promise<void> {
  const folder = dataFolder(cluster);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const aside = join(folder, 'namenode.new');
  const result = await runCommand(
    java.binary,
    [
      ...HADOOP_JVM_OPTIONS,
      ...['-XX:TieredStopAtLevel=1', '-Xmx256m', '-cp', [hadoopConfFolder(cluster), jars.hadoop].join(delimiter)],
      ...['org.apache.hadoop.hdfs.server.namenode.NameNode', '-D', `dfs.namenode.name.dir=file://${aside}`],
      ...['-format', '-nonInteractive', '-clusterId', `hive-ferry-lab-${cluster}`],
    ],
    { env: { ...process.env, HADOOP_USER_NAME: 'root' } },
  );
  if (result.exitCode !== 0)
    throw new LabError(
      `${cluster}: the namenode could not be formatted:\n${result.stderr.trim().split('\n').slice(-15).join('\n')}`,
    );
  renameSync(aside, join(folder, 'namenode'));
  progress(`${cluster} HDFS formatted`);
}

/** Makes an empty metastore database unless there is one: a copy of a template, since running the schema takes seconds. */
export async function ensureMetastoreData(cluster: ClusterName, tools: Tools, progress: Progress): Promise<void> {
  const database = join(dataFolder(cluster), 'metastore');
  if (existsSync(database)) return;
  const template = await metastoreTemplate(tools);
  const aside = `${database}.new`;
  rmSync(aside, { recursive: true, force: true });
  cpSync(template, aside, { recursive: true });
  renameSync(aside, database);
  progress(`${cluster} metastore database made`);
}

let making: Promise<string> | undefined;

/** The lock of the lab keeps other processes away; within this one both clusters wait for the same template. */
async function metastoreTemplate(tools: Tools): Promise<string> {
  const template = join(tools.jars.folder, 'metastore-template');
  if (existsSync(template)) return template;
  making ??= makeMetastoreTemplate(template, tools).finally(() => {
    making = undefined;
  });
  return await making;
}

async function makeMetastoreTemplate(template: string, { java, jars }: Tools): Promise<string> {
  const aside = `${template}.new`;
  rmSync(aside, { recursive: true, force: true });
  const args = [
    ...[
      '-XX:TieredStopAtLevel=1',
      '-Dij.protocol=jdbc:derby:',
      `-Dij.database=${aside};create=true`,
      '-Dderby.system.durability=test',
    ],
    ...[
      '-Dderby.stream.error.method=java.sql.DriverManager.getLogWriter',
      '-cp',
      jars.hive,
      'org.apache.derby.tools.ij',
    ],
  ];
  const { stdout, stderr } = await runCommand(java.binary, args, { input: readFileSync(jars.schema, 'utf8') });
  const errors = stdout.split('\n').filter((line) => line.includes('ERROR '));
  if (errors.length > 0 || !existsSync(aside)) {
    throw new LabError(
      `The schema of the metastore could not be made:\n${errors.slice(0, 5).join('\n')}${stderr.slice(-2000)}`,
    );
  }
  renameSync(aside, template);
  return template;
}

/** The folders that Hive and users expect on HDFS, open to all as in a sandbox. */
export async function ensureHdfsFolders(namenodeHttpPort: number): Promise<void> {
  for (const path of ['/tmp', '/tmp/hive', WAREHOUSE.external, WAREHOUSE.managed, '/user/root']) {
    for (const op of ['MKDIRS', 'SETPERMISSION']) {
      const url = `http://127.0.0.1:${namenodeHttpPort}/webhdfs/v1${path}?op=${op}&permission=1777&user.name=root`;
      const answer = await fetch(url, { method: 'PUT', signal: AbortSignal.timeout(10_000) });
      const text = await answer.text();
      if (!answer.ok || text.includes('false'))
        throw new LabError(`${op} ${path} on port ${namenodeHttpPort} failed: ${text.slice(0, 300)}`);
    }
  }
}
