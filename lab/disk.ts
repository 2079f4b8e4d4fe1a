import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { LabError } from './lab-error.ts';

const GIB = 1024 ** 3;
/** Jars, two clusters' data and logs take about 1.5 GiB; namenodes go into safe mode when the disk is nearly full. */
export const WANTED_FREE_BYTES = 3 * GIB;

/** Throws when the file system that holds `folder` (it need not be there yet) has less room than the lab needs. */
export function checkFreeSpace(folder: string, wanted = WANTED_FREE_BYTES): void {
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  const { bavail, bsize } = statfsSync(there);
  const free = bavail * bsize;
  if (free >= wanted) return;
  throw new LabError(
    `Disk full: ${(free / GIB).toFixed(1)} GiB free under ${there}, the lab needs ${(wanted / GIB).toFixed(0)} GiB. ` +
      'Free some space, or set HIVE_FERRY_LAB to a folder on another disk.',
  );
}
