import { FerryError } from '../../errors/ferry-error.ts';
import { BACKFILL_DAG } from '../../workflows/dag-messages.ts';
import { BACKFILL } from '../dag/backfill-report.ts';
import { DAG_RUN } from '../dag/dag-run-report.ts';
import { findDagRun } from '../dag/find-dag-run.ts';
import { type TellingFlags, tellWork } from '../dag/tell-work.ts';
import { EXIT } from '../exit-code.ts';
import type { ConfigFlags } from '../flags.ts';
import { type Io, writeJson } from '../io.ts';
import { cancelSync } from '../sync-run.ts';
import { temporalError } from '../temporal-client.ts';
import { withTemporal } from '../with-temporal.ts';

export type DagCancelFlags = ConfigFlags & TellingFlags & { readonly interval?: string };

/**
 * `ferry dag cancel <dag | run>`: cancels a run of a DAG, or a backfill by its id and with it the runs it has started, and
 * shows how it ends. Exits 0 when it ended as cancelled; RUN_CLOSED when it had ended before.
 */
export function dagCancel(name: string, flags: DagCancelFlags, io: Io): Promise<number> {
  return withTemporal(flags, io, async (connected) => {
    const { temporal } = connected;
    const { workflowId, runId, type, status } = await findDagRun(
      connected,
      name,
      flags.interval,
      BACKFILL_DAG.workflow,
    );
    if (status.name !== 'RUNNING')
      throw new FerryError('RUN_CLOSED', `${workflowId} has ended: ${status.name.toLowerCase()}.`);
    const handle = temporal.client.workflow.getHandle(workflowId, runId);
    await cancelSync(handle).catch((error: unknown) => {
      throw temporalError(error, `${workflowId} could not be cancelled`, temporal);
    });
    if (flags.detach === true) {
      if (flags.json === true) writeJson(io, { schemaVersion: 1, workflowId, runId, state: 'cancelling' });
      else io.out.stream.write(`${workflowId} is being cancelled.\n`);
      return EXIT.all;
    }
    const followed = { handle, runId, how: 'Cancelling' };
    const exit =
      type === BACKFILL_DAG.workflow
        ? await tellWork(followed, BACKFILL, flags, connected)
        : await tellWork(followed, DAG_RUN, flags, connected);
    return exit === EXIT.cancelled ? EXIT.all : exit;
  });
}
