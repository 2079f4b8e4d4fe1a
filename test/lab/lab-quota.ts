import { hadoop } from '../../lab/hadoop-client.ts';

/** Sets quotas on a folder of the lab with Hadoop's own command; what is left out stays. With neither, both are cleared. */
export async function setLabQuota(
  cluster: 'a' | 'b',
  path: string,
  { names, space }: { readonly names?: number; readonly space?: number },
): Promise<void> {
  const set = [
    ...(names === undefined ? [] : [['-setQuota', String(names), path]]),
    ...(space === undefined ? [] : [['-setSpaceQuota', String(space), path]]),
  ];
  const commands = set.length > 0 ? set : ['-clrQuota', '-clrSpaceQuota'].map((clear) => [clear, path]);
  for (const command of commands) {
    const { exitCode, stderr } = await hadoop(cluster, ['org.apache.hadoop.hdfs.tools.DFSAdmin', ...command]);
    if (exitCode !== 0) throw new Error(`dfsadmin ${command.join(' ')}: ${stderr}`);
  }
}
