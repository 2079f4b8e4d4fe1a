import { FerryError } from '../../errors/ferry-error.ts';
import { EXIT } from '../exit-code.ts';
import { type Io, writeJson } from '../io.ts';
import type { Drawing } from '../progress-display.ts';
import type { SyncHandle } from '../sync-run.ts';
import { temporalError } from '../temporal-client.ts';
import type { Colors } from '../terminal.ts';
import type { Connected } from '../with-temporal.ts';
import { type AskedWork, beginWork } from './begin-work.ts';
import { followWork } from './follow-work.ts';

export type ReportLayout = { readonly columns: number; readonly colors: Colors; readonly program: string };

/** Of what a command writes its result to. */
export function layoutOf({ out, program }: Io): ReportLayout {
  return { columns: out.columns(), colors: out.colors, program };
}

/** How runs of DAGs, or backfills, are shown and told. */
export type WorkKind<View, Outcome> = {
  readonly query: string;
  readonly drawing: Drawing<View>;
  readonly outcomeOf: (view: View) => Outcome | undefined;
  /** `view`: left out where no worker was there to give it. */
  readonly report: (outcome: Outcome, view: View | undefined, layout: ReportLayout) => string;
  readonly exitOf: (outcome: Outcome) => number;
};

export type TellingFlags = { readonly detach?: boolean; readonly json?: boolean };

/** Starts work, or joins what goes on and does the same; follows it to its end unless told to leave it. Gives the exit code. */
export async function doWork<View, Outcome extends { readonly schemaVersion: number }>(
  asked: AskedWork,
  kind: WorkKind<View, Outcome>,
  flags: TellingFlags,
  connected: Connected,
): Promise<number> {
  const { io, temporal } = connected;
  const begun = await beginWork(temporal.client, asked).catch((error: unknown) => {
    throw error instanceof FerryError
      ? error
      : temporalError(error, `${asked.workflowId} could not be started`, temporal);
  });
  const { handle, runId, kind: how } = begun;
  if (flags.detach !== true) {
    const followed = { handle, runId, how: how === 'started' ? 'Started' : 'Already running, joined' };
    return await tellWork(followed, kind, flags, connected);
  }
  const { workflowId } = handle;
  if (flags.json === true) writeJson(io, { schemaVersion: 1, workflowId, runId, state: how });
  else io.out.stream.write(`${workflowId} ${how === 'started' ? 'was started' : 'goes on already'}.\n`);
  return EXIT.all;
}

/** Shows work until its end, tells that, and gives the exit code. */
export async function tellWork<View, Outcome extends { readonly schemaVersion: number }>(
  followed: { readonly handle: SyncHandle; readonly runId: string; readonly how: string },
  { report, exitOf, ...kind }: WorkKind<View, Outcome>,
  { json = false }: TellingFlags,
  connected: Connected,
): Promise<number> {
  const { io } = connected;
  const end = await followWork<View, Outcome>({ ...followed, ...kind }, connected);
  switch (end.kind) {
    case 'error':
      throw new FerryError(end.code, end.message);
    case 'detached':
      return EXIT.interrupted;
    case 'cancelled': {
      const { runId, handle } = followed;
      const { workflowId } = handle;
      if (json) writeJson(io, { schemaVersion: 1, workflowId, runId, outcome: 'cancelled' });
      else io.out.stream.write(`${workflowId}: cancelled\n`);
      return EXIT.cancelled;
    }
    case 'outcome': {
      if (json) writeJson(io, end.outcome);
      else io.out.stream.write(`${report(end.outcome, end.view, layoutOf(io))}\n`);
      return exitOf(end.outcome);
    }
  }
}
