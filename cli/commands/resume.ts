import { EXIT } from '../exit-code.ts';
import { findRunning } from '../find-run.ts';
import { type Io, writeJson } from '../io.ts';
import { resumeRun } from '../pause-run.ts';
import { type RunFlags, withRunning } from '../with-running.ts';
import { watchRun } from './watch.ts';

/**
 * `ferry resume <workflow id | table>`: lets a paused run go on from what is on disk. A run that is not paused stays as it is.
 * With --local it goes on with a worker in this process and is followed to its end, as by `ferry sync --local`.
 */
export function resume(name: string, flags: RunFlags & { readonly local?: boolean }, io: Io): Promise<number> {
  if (flags.local === true) {
    return watchRun(name, flags, io, { how: 'Resumed', find: findRunning, first: resumeRun, local: true });
  }
  return withRunning(name, flags, io, async ({ temporal, run }) => {
    const { workflowId, runId } = run;
    const state = await resumeRun(temporal, run);
    if (flags.json === true) writeJson(io, { schemaVersion: 1, workflowId, runId, state });
    else io.out.stream.write(`${workflowId} goes on.\n`);
    return EXIT.all;
  });
}
