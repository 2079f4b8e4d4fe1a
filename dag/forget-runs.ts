import { childrenOf } from '../sync/children-of.ts';
import { intervalStartOf, type RunMemory } from './run-memory.ts';

/**
 * Forgets the intervals whose last run was remembered before `before` (milliseconds since 1970), or counts them (`dryRun`).
 * Safe to repeat. A run that is remembered in the very moment in which its interval is forgotten may be forgotten with it.
 */
export async function forgetRuns(
  { files, controlRoot }: RunMemory,
  before: number,
  { dryRun, signal, heartbeat }: { readonly dryRun: boolean; readonly signal: AbortSignal; heartbeat(): void },
): Promise<number> {
  const within = async (folder: string) => (await childrenOf(files, folder, signal)) ?? [];
  let forgotten = 0;
  for (const { name: dagId } of await within(`${controlRoot}/runs`)) {
    for (const interval of await within(`${controlRoot}/runs/${dagId}`)) {
      heartbeat();
      const start = intervalStartOf(interval.name);
      // No run ends before its interval begins. A folder's own time is that of the last record that came into it.
      if (start === undefined || Date.parse(start) >= before || interval.modificationTime >= before) continue;
      const folder = `${controlRoot}/runs/${dagId}/${interval.name}`;
      if ((await within(folder)).some(({ modificationTime }) => modificationTime >= before)) continue;
      forgotten += 1;
      if (!dryRun) await files.delete(folder, { signal });
    }
  }
  return forgotten;
}
