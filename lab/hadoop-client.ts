import { delimiter } from 'node:path';
import type { ClusterName } from './hadoop-conf.ts';
import { findJars } from './jars.ts';
import { findJava } from './java.ts';
import { type CommandResult, runCommand } from './run-command.ts';
import { HADOOP_JVM_OPTIONS, hadoopConfFolder } from './servers.ts';

export type HadoopOptions = {
  /** Standard input, for `-put -` and the like. */
  readonly input?: string;
  readonly jvm?: readonly string[];
  readonly signal?: AbortSignal;
};

/** A Hadoop main class as a client of one cluster (its default file system), as the user root, ready to be started. */
export async function hadoopCommand(
  cluster: ClusterName,
  args: readonly string[],
  jvm: readonly string[] = ['-Xmx512m'],
): Promise<{ readonly command: string; readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv }> {
  const java = await findJava();
  const jars = await findJars(java, () => undefined);
  const classPath = [hadoopConfFolder(cluster), jars.hadoop].join(delimiter);
  return {
    command: java.binary,
    args: [...HADOOP_JVM_OPTIONS, ...jvm, '-cp', classPath, ...args],
    env: { HADOOP_USER_NAME: 'root' },
  };
}

/**
 * Runs a Hadoop main class, MapReduce jobs inside its process. Returns what it printed and its exit code, whatever that is:
 * `hadoop('a', ['org.apache.hadoop.fs.FsShell', '-ls', '/'])`, `hadoop('a', ['org.apache.hadoop.tools.DistCp', from, to])`
 */
export async function hadoop(
  cluster: ClusterName,
  args: readonly string[],
  options: HadoopOptions = {},
): Promise<CommandResult> {
  const { input, jvm, signal } = options;
  const command = await hadoopCommand(cluster, args, jvm);
  return await runCommand(command.command, command.args, {
    env: { ...process.env, ...command.env },
    ...(input === undefined ? {} : { input }),
    ...(signal === undefined ? {} : { signal }),
  });
}
