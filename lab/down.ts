import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLabLock } from './lock.ts';
import { isAlive } from './process-identity.ts';
import { type Progress, progressOnStderr } from './progress.ts';
import { endProcess, forgetRecord, readRecord, title } from './server-process.ts';
import { SERVER_NAMES, type ServerName } from './servers.ts';
import { LAB_FOLDER } from './state.ts';

export type DownOptions = {
  /** Remove data, logs and chosen ports too; what was fetched stays. Default false. */
  readonly purge?: boolean;
  readonly progress?: Progress;
};

/** Ends what the lab started, and only that: by pid and start time, never by name. Returns how many servers were ended. */
export async function labDown({ purge = false, progress = progressOnStderr() }: DownOptions = {}): Promise<number> {
  return await withLabLock(async () => {
    // HiveServer2 tidies up on HDFS when it ends, so HDFS goes last.
    const isHdfs = (name: ServerName) => /namenode|datanode/.test(name);
    const first = await Promise.all(SERVER_NAMES.filter((name) => !isHdfs(name)).map((name) => end(name, progress)));
    const last = await Promise.all(SERVER_NAMES.filter(isHdfs).map((name) => end(name, progress)));
    rmSync(join(LAB_FOLDER, 'state.json'), { force: true });
    if (purge) {
      for (const name of ['data', 'conf', 'logs', 'run', 'settings.json'])
        rmSync(join(LAB_FOLDER, name), { recursive: true, force: true });
      progress(`data, logs and ports removed from ${LAB_FOLDER}`);
    }
    return [...first, ...last].filter(Boolean).length;
  }, progress);
}

async function end(name: ServerName, progress: Progress): Promise<boolean> {
  const record = readRecord(name);
  const alive = record !== undefined && isAlive(record);
  if (alive) {
    await endProcess(record);
    progress(`${title(name)} ended (pid ${record.pid})`);
  }
  forgetRecord(name);
  return alive;
}
