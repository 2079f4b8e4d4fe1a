import type { Cluster } from './cluster.ts';
import { readControlFile } from './control-file.ts';
import type { Reader } from './engine.ts';
import { readLedger } from './ledger.ts';
import type { ResolvedSpec } from './outcome.ts';
import { controlFolder, tableFolder } from './run-folder.ts';

/** What a run leaves under its table before anything else, so that its ledger can be found again. */
export type RunMarker = {
  readonly schemaVersion: 1;
  readonly runKey: string;
  readonly workflowId: string;
  readonly source: string;
  readonly at: string;
};

/**
 * The digests that earlier runs from the same source are on record for having landed, by partition name. A run that
 * ended between a landing and its registration leaves its word here only.
 */
export async function readLandings(
  reader: Reader,
  target: Cluster,
  spec: ResolvedSpec,
  sources: readonly string[],
): Promise<Map<string, ReadonlySet<string>>> {
  const { runs } = tableFolder(target.controlRoot, spec.target.database, spec.target.table);
  const landings = new Map<string, Set<string>>();
  const pages = await target.files.list(runs, { signal: reader.signal });
  if (pages === undefined) return landings;
  for await (const page of pages) {
    for (const file of page) {
      if (file.kind !== 'file' || !file.name.endsWith('.json') || file.name.startsWith('.')) continue;
      const bytes = await readControlFile(target.files, `${runs}/${file.name}`, reader.signal);
      if (bytes === undefined) continue;
      const marker = JSON.parse(bytes.toString('utf8')) as RunMarker;
      if (!sources.includes(marker.source)) continue;
      reader.heartbeat();
      const { ledger } = controlFolder(target.controlRoot, marker.runKey);
      for (const entry of await readLedger(target.files, ledger, reader.signal)) {
        if (entry.event !== 'landed' && entry.event !== 'publishing') continue;
        const digests = landings.get(entry.partition) ?? new Set();
        digests.add(entry.digest);
        landings.set(entry.partition, digests);
      }
    }
  }
  return landings;
}
