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

/**
 * Runs a Hadoop main class as a client of one cluster (its default file system), as the user root; MapReduce jobs run
 * inside it. Returns what it printed and its exit code, whatever that is:
 * `hadoop('a', ['org.apache.hadoop.fs.FsShell', '-ls', '/'])`, `hadoop('a', ['org.apache.hadoop.tools.DistCp', from, to])`
 */
export async function hadoop(
  cluster: ClusterName,
  args: readonly string[],
  options: HadoopOptions = {},
): Promise<CommandResult> {
  const java = await findJava();
  const jars = await findJars(java, () => undefined);
  const { input, jvm = ['-Xmx512m'], signal } = options;
  const command = [
    ...HADOOP_JVM_OPTIONS,
    ...jvm,
    '-cp',
    [hadoopConfFolder(cluster), jars.hadoop].join(delimiter),
    ...args,
  ];
  return await runCommand(java.binary, command, {
    env: { ...process.env, HADOOP_USER_NAME: 'root' },
    ...(input === undefined ? {} : { input }),
    ...(signal === undefined ? {} : { signal }),
  });
}
