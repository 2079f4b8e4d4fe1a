import type { FileSystem } from '../../storage/file-system.ts';
import { createWebHdfs } from '../../storage/webhdfs/webhdfs-file-system.ts';
import { hadoop } from '../hadoop-client.ts';
import { LabError } from '../lab-error.ts';
import { readSettings } from '../settings.ts';
import { labUp } from '../up.ts';
import { compare } from './comparison.ts';
import { compileBench, compiled } from './compiled.ts';
import { type Measured, measure } from './measured-process.ts';

export type ListingBench = {
  readonly entries: number;
  readonly seconds: number;
  readonly peakBytes: number;
};

/** What one command line of paths may hold. */
const PATHS_A_CALL = 10_000;

/** Lists a folder of empty files, as a whole process, for each number of entries: how time and memory grow with it. */
export async function benchListing(
  sizes: readonly number[],
  rounds: number,
  progress: (line: string) => void,
): Promise<readonly ListingBench[]> {
  await compileBench();
  const lab = await labUp({ stock: readSettings()?.stock ?? false });
  const a = createWebHdfs({ cluster: 'a', urls: [lab.clusters.a.webhdfs], user: 'root' });
  try {
    const results: ListingBench[] = [];
    for (const entries of sizes) {
      const folder = `/bench-listing/${entries}`;
      progress(`${folder}: making it where it is not whole`);
      await makeEntries(a, folder, entries);
      const measured: Record<string, Measured>[] = [];
      for (let round = 0; round < rounds; round += 1)
        measured.push({ listing: await measure(compiled('listing', 'list-folder.js', [folder])) });
      for (const { seconds, peakBytes } of compare(['listing'], measured)) {
        progress(`${entries} entries: ${seconds.toFixed(1)} s`);
        results.push({ entries, seconds, peakBytes });
      }
    }
    return results;
  } finally {
    await a.close();
  }
}

async function makeEntries(a: FileSystem, folder: string, entries: number): Promise<void> {
  let there = 0;
  for await (const page of (await a.list(folder)) ?? []) there += page.length;
  if (there === entries) return;
  await a.delete(folder);
  await a.mkdirs(folder);
  for (let first = 0; first < entries; first += PATHS_A_CALL) {
    const count = Math.min(PATHS_A_CALL, entries - first);
    const paths = Array.from({ length: count }, (_, i) => `${folder}/${String(first + i).padStart(7, '0')}`);
    const touched = await hadoop('a', ['org.apache.hadoop.fs.FsShell', '-touchz', ...paths]);
    if (touched.exitCode !== 0) throw new LabError(`hdfs dfs -touchz: ${touched.stderr.slice(-2000)}`);
  }
}

/** A Markdown table: a row for each number of entries. */
export function listingReport(benches: readonly ListingBench[]): string {
  const rows = benches.map(({ entries, seconds, peakBytes }) => [
    entries.toLocaleString('en'),
    seconds.toFixed(1),
    (peakBytes / 1024 / 1024).toFixed(0),
  ]);
  return [['entries', 'seconds', 'peak RSS MiB'], ['---:', '---:', '---:'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}
