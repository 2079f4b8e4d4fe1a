import { hadoop } from '../../lab/hadoop-client.ts';

/** Allows snapshots of a folder of the lab, as its administrator does. */
export async function allowLabSnapshot(cluster: 'a' | 'b', path: string): Promise<void> {
  const { exitCode, stderr } = await hadoop(cluster, ['org.apache.hadoop.hdfs.tools.DFSAdmin', '-allowSnapshot', path]);
  if (exitCode !== 0) throw new Error(`dfsadmin -allowSnapshot ${path}: ${stderr}`);
}
