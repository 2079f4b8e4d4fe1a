import { childrenOf } from './children-of.ts';
import type { Cleaning } from './cleaning.ts';
import { isHidden } from './listing.ts';
import { baseOfVersions, controlFolder, runKeyOf, versionsFolder } from './run-folder.ts';

/**
 * Names what lies where runs of this table write and carries no run key that is on record: below the stage roots, among
 * the versions, and what was in the table's own folder before its versions left it. Nothing of that is ever deleted.
 */
export async function nameStrays(
  cleaning: Cleaning,
  known: ReadonlySet<string>,
  stageRoots: readonly string[],
): Promise<void> {
  for (const stageRoot of stageRoots) {
    for (const { name, kind } of await children(cleaning, stageRoot)) {
      if (kind === 'folder' && !(await isOnRecord(cleaning, known, runKeyOf(name)))) {
        cleaning.kept.push({ path: `${stageRoot}/${name}`, why: 'no-run' });
      }
    }
    const base = baseOfVersions(stageRoot);
    if (base !== undefined) await nameVersions(cleaning, base, known);
  }
}

/** Several tables may stage under one root: a run of another table is cleaned with that one. A new run may have begun meanwhile. */
async function isOnRecord({ engine, target }: Cleaning, known: ReadonlySet<string>, runKey: string): Promise<boolean> {
  if (known.has(runKey)) return true;
  const { plan } = controlFolder(target.controlRoot, runKey);
  return (await target.files.status(plan, { signal: engine.signal })) !== undefined;
}

async function nameVersions(cleaning: Cleaning, base: string, known: ReadonlySet<string>): Promise<void> {
  const { registrations, kept } = cleaning;
  const versions = versionsFolder(base);
  for (const { name, kind } of await children(cleaning, versions)) {
    const path = `${versions}/${name}`;
    if (isHidden(name, kind) || registrations.pointsInto(path) || (await isOnRecord(cleaning, known, name))) continue;
    kept.push({ path, why: 'no-run' });
  }
  for (const { name, kind } of await children(cleaning, base)) {
    const path = `${base}/${name}`;
    if (!isHidden(name, kind) && !registrations.pointsInto(path)) kept.push({ path, why: 'no-run' });
  }
}

async function children({ engine, target }: Cleaning, folder: string) {
  engine.heartbeat();
  return (await childrenOf(target.files, folder, engine.signal)) ?? [];
}
