import type { FileSystem } from '../../storage/file-system.ts';
import { createWebHdfs } from '../../storage/webhdfs/webhdfs-file-system.ts';
import { dropTarget } from '../fresh-target.ts';
import { hadoopCommand } from '../hadoop-client.ts';
import { LabError } from '../lab-error.ts';
import { readSettings } from '../settings.ts';
import type { LabState } from '../state.ts';
import { labUp } from '../up.ts';
import { type Compared, compare } from './comparison.ts';
import { compileBench, compiled } from './compiled.ts';
import { type Command, type Measured, measure } from './measured-process.ts';
import { BENCH_DATABASE, isWhole, makeShapes, partitionFolder, type Shape } from './shapes.ts';

/** How long the lab's datanodes wait before they ask again whether a closed file is whole: a quick one, or Hadoop's own. */
export type ClosingDelay = '10 ms' | '400 ms';
const DELAYS: readonly ClosingDelay[] = ['10 ms', '400 ms'];

export type CopyBench = {
  readonly delay: ClosingDelay;
  readonly shape: Shape;
  readonly compared: readonly Compared[];
};

export type CopyBenchOptions = {
  /** Which shapes are copied with which delay. */
  readonly shapes: Readonly<Partial<Record<ClosingDelay, readonly Shape[]>>>;
  readonly rounds: number;
  readonly progress: (line: string) => void;
};

type Contender = Command & {
  /** Where it lays the files, and what takes them away again. */
  readonly folder: string;
  readonly clear: () => Promise<void>;
};

/**
 * Copies each shape from cluster a to an empty place on cluster b with hive-ferry, with it unverified, `hdfs dfs -cp -t 8`
 * and `hadoop distcp -update` in turn, as whole processes. A copy that is not whole ends the bench. The lab is left with the
 * delay it had.
 */
export async function benchCopy(options: CopyBenchOptions): Promise<readonly CopyBench[]> {
  const stock = readSettings()?.stock ?? false;
  await compileBench();
  try {
    const results: CopyBench[] = [];
    for (const delay of DELAYS) results.push(...(await benchWith(delay, options)));
    return results;
  } finally {
    await labUp({ stock });
  }
}

async function benchWith(delay: ClosingDelay, options: CopyBenchOptions): Promise<readonly CopyBench[]> {
  const { rounds, progress } = options;
  const shapes = options.shapes[delay] ?? [];
  if (shapes.length === 0) return [];
  progress(`datanodes with a closing delay of ${delay}`);
  const lab = await labUp({ stock: delay === '400 ms' });
  const results: CopyBench[] = [];
  const [a, b] = (['a', 'b'] as const).map((cluster) =>
    createWebHdfs({ cluster, urls: [lab.clusters[cluster].webhdfs], user: 'root' }),
  ) as [FileSystem, FileSystem];
  try {
    await makeShapes(shapes, a);
    for (const shape of shapes) {
      const measured: Record<string, Measured>[] = [];
      const contenders = await contendersOf(shape, lab, b);
      for (let round = 1; round <= rounds; round += 1) {
        const runs: Record<string, Measured> = {};
        for (const contender of contenders) runs[contender.name] = await runOnce(contender, shape, b);
        measured.push(runs);
        const times = Object.entries(runs).map(([name, { seconds }]) => `${name} ${seconds.toFixed(1)} s`);
        progress(`${shape.name}, round ${round} of ${rounds}: ${times.join(' · ')}`);
      }
      const names = contenders.map(({ name }) => name);
      results.push({ delay, shape, compared: compare(names, measured) });
    }
  } finally {
    await Promise.all([a.close(), b.close()]);
  }
  return results;
}

async function runOnce(contender: Contender, shape: Shape, b: FileSystem): Promise<Measured> {
  await contender.clear();
  const measured = await measure(contender);
  if (!(await isWhole(shape, b, contender.folder))) {
    throw new LabError(`${contender.name} left ${contender.folder} on b without all of ${shape.name}`);
  }
  await contender.clear();
  return measured;
}

async function contendersOf(shape: Shape, { clusters }: LabState, b: FileSystem): Promise<readonly Contender[]> {
  const from = `${clusters.a.fileSystem}${partitionFolder(shape)}`;
  const peer = async (name: string, args: readonly string[]): Promise<Contender> => {
    const folder = `/bench/${shape.table}`;
    const clear = async () => {
      await b.delete('/bench');
      await b.mkdirs('/bench');
    };
    const command = await hadoopCommand('b', [...args, from, `${clusters.b.fileSystem}${folder}`]);
    return { name, folder, clear, ...command };
  };
  const ferry = (name: string, ...verify: readonly string[]): Contender => ({
    ...compiled(name, 'ferry-copy.js', [`${BENCH_DATABASE}.${shape.table}`, ...verify]),
    folder: partitionFolder(shape),
    clear: () => dropTarget(BENCH_DATABASE, shape.table),
  });
  return [
    ferry('hive-ferry'),
    ferry('hive-ferry --verify length', 'length'),
    await peer('hdfs dfs -cp -t 8', ['org.apache.hadoop.fs.FsShell', '-cp', '-t', '8']),
    await peer('hadoop distcp -update', ['org.apache.hadoop.tools.DistCp', '-update']),
  ];
}
