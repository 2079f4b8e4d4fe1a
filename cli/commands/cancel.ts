import { cancelRun, exitOfCancel } from '../cancel-run.ts';
import { findRunning } from '../find-run.ts';
import type { Io } from '../io.ts';
import { type WatchFlags, watchRun } from './watch.ts';

/**
 * `ferry cancel <workflow id | table>`: cancels the run, shows how it ends (what it published is registered, its staging
 * deleted), and tells its outcome. Exits 0 when it ended as cancelled; as for RUN_CLOSED when it had ended before.
 */
export async function cancel(name: string, flags: WatchFlags, io: Io): Promise<number> {
  const exit = await watchRun(name, flags, io, {
    how: 'Cancelling',
    find: findRunning,
    first: (temporal, run) => cancelRun(temporal, run, io),
  });
  return exitOfCancel(exit, name, io);
}
