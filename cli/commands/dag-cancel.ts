import { isOpenStatus } from '../../sync/runs.ts';
import { BACKFILL_DAG } from '../../workflows/dag-messages.ts';
import { cancelRun, endedOfItself, exitOfCancel } from '../cancel-run.ts';
import { BACKFILL } from '../dag/backfill-report.ts';
import { DAG_RUN } from '../dag/dag-run-report.ts';
import { findDagRun } from '../dag/find-dag-run.ts';
import { type TellingFlags, tellWork } from '../dag/tell-work.ts';
import { EXIT } from '../exit-code.ts';
import type { ConfigFlags } from '../flags.ts';
import { type Io, writeJson } from '../io.ts';
import { runHandle } from '../run-handle.ts';
import { hasEnded } from '../sync-run.ts';
import { withTemporal } from '../with-temporal.ts';

export type DagCancelFlags = ConfigFlags & TellingFlags & { readonly interval?: string };

/**
 * `ferry dag cancel <dag | run>`: cancels a run of a DAG, or a backfill by its id and with it the runs it has started, and
 * shows how it ends. Exits 0 when it ended as cancelled; as for RUN_CLOSED when it had ended before.
 */
export function dagCancel(name: string, flags: DagCancelFlags, io: Io): Promise<number> {
  return withTemporal(flags, io, async (connected) => {
    const { temporal } = connected;
    const run = await findDagRun(connected, name, flags.interval, BACKFILL_DAG.workflow);
    const { workflowId, runId, type, status } = run;
    if (!isOpenStatus(status.name)) throw hasEnded(run);
    const later = await cancelRun(temporal, run, io);
    if (flags.detach === true) {
      if (endedOfItself(later)) throw hasEnded(later);
      if (flags.json === true) writeJson(io, { schemaVersion: 1, workflowId, runId, state: 'cancelling' });
      else io.out.stream.write(`${workflowId} is being cancelled.\n`);
      return EXIT.all;
    }
    const followed = { handle: runHandle(temporal.client, run), runId, how: 'Cancelling' };
    const exit =
      type === BACKFILL_DAG.workflow
        ? await tellWork(followed, BACKFILL, flags, connected)
        : await tellWork(followed, DAG_RUN, flags, connected);
    return exitOfCancel(exit, workflowId, io);
  });
}
