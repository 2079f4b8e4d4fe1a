import { childrenOf } from './children-of.ts';
import type { Cleaning, ClosedRun } from './cleaning.ts';
import { baseOfVersions, controlFolder, isClosedFolderOf, tableFolder, versionsFolder } from './run-folder.ts';

const KEPT_MS = 90 * 24 * 60 * 60 * 1000;

/**
 * Forgets a closed run: its tombstones, then its control folder, and last the marker by which both are found. Only after
 * 90 days, and when no folder of it stands any more.
 */
export async function cleanRecords(cleaning: Cleaning, run: ClosedRun): Promise<void> {
  const { engine, target, of, dryRun } = cleaning;
  const { signal } = engine;
  const { runKey } = run.marker;
  const control = controlFolder(target.controlRoot, runKey);
  const ended =
    (await target.files.status(control.outcome, { signal })) ?? (await target.files.status(control.closed, { signal }));
  const endedAt = ended?.modificationTime ?? Date.parse(run.marker.at);
  if (engine.now().getTime() - endedAt <= KEPT_MS) return;
  for (const stageRoot of run.stageRoots) if (await stands(cleaning, runKey, stageRoot)) return;
  cleaning.deleted.push({ path: control.root, what: 'records', run: runKey });
  if (dryRun) return;
  for (const stageRoot of run.stageRoots) await target.files.delete(`${stageRoot}/${runKey}`, { signal });
  await target.files.delete(control.root, { signal });
  const { runs } = tableFolder(target.controlRoot, of.database, of.table);
  await target.files.delete(`${runs}/${runKey}.json`, { signal });
}

/** Anything but the tombstone. */
async function stands({ engine, target }: Cleaning, runKey: string, stageRoot: string): Promise<boolean> {
  const { signal } = engine;
  const children = (await childrenOf(target.files, stageRoot, signal)) ?? [];
  if (children.some(({ name, kind }) => isClosedFolderOf(runKey, name) || (name === runKey && kind === 'folder')))
    return true;
  const base = baseOfVersions(stageRoot);
  if (base === undefined) return false;
  return (await target.files.status(`${versionsFolder(base)}/${runKey}`, { signal })) !== undefined;
}
