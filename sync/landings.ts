import type { Cluster } from './cluster.ts';
import type { Reader } from './engine.ts';
import { readLedger } from './ledger.ts';
import type { ResolvedSpec } from './outcome.ts';
import { controlFolder } from './run-folder.ts';
import { readRunMarkers } from './table-runs.ts';

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
  const landings = new Map<string, Set<string>>();
  for (const marker of await readRunMarkers(target, spec.target, reader.signal)) {
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
  return landings;
}
