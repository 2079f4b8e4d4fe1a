import type { ResolvedConfig } from '../config/resolved.ts';
import { messageOf } from '../errors/ferry-error.ts';
import { runUrl } from '../sync/run-url.ts';
import { runCommand } from './command-lines.ts';
import { codecsOf } from './decoded.ts';
import { EXIT } from './exit-code.ts';
import type { ConfigFlags } from './flags.ts';
import { leaving } from './leaving.ts';
import type { LocalWorker } from './local-worker.ts';
import { pauseRun } from './pause-run.ts';
import type { ProgressDisplay } from './progress-display.ts';
import { afterReset, endOfSync, type SyncEnd, type SyncHandle } from './sync-run.ts';
import { type Telling, tellEnd } from './tell-end.ts';
import type { TemporalClient } from './temporal-client.ts';
import { watchSync } from './watch-sync.ts';

export type Followed = {
  readonly handle: SyncHandle;
  readonly runId: string;
  readonly taskQueue: string;
  /** How it came to be followed: 'Started', 'Joined'. */
  readonly how: string;
  /** Whether a scheduler that ends this command ends the run with it; else the run is only looked at. */
  readonly owned: boolean;
  readonly worker?: LocalWorker | undefined;
};

type Following = Telling & {
  readonly temporal: TemporalClient;
  readonly config: ResolvedConfig;
  readonly flags: ConfigFlags;
};

/**
 * Shows the run until it ends or this command is told to stop; then tells its end, and gives the exit code. Of a run that is
 * reset it follows the one that goes on.
 */
export async function followRun(followed: Followed, display: ProgressDisplay, following: Following): Promise<number> {
  const { temporal, config } = following;
  try {
    for (let run = followed; ; ) {
      const { ui } = config.temporal;
      const uiUrl = ui === undefined ? undefined : runUrl(ui, temporal.namespace, run.handle.workflowId, run.runId);
      display.say(`${run.how}: ${run.handle.workflowId}${uiUrl === undefined ? '' : `\n${uiUrl}`}`);
      const end = await followOne(run, display, following);
      if (end !== 'detach' && end.kind === 'reset') {
        run = { ...run, ...end.to, how: 'The run was reset and goes on' };
        continue;
      }
      display.stop();
      if (end === 'detach') {
        await detach(run, following);
        return EXIT.interrupted;
      }
      const asked = { ...following.asked, runId: run.runId, ...(uiUrl === undefined ? {} : { uiUrl }) };
      return tellEnd(end, { ...following, asked });
    }
  } finally {
    display.stop();
  }
}

type Reset = { readonly kind: 'reset'; readonly to: Pick<Followed, 'handle' | 'runId'> };

async function followOne(
  followed: Followed,
  display: ProgressDisplay,
  following: Following,
): Promise<SyncEnd | Reset | 'detach'> {
  const { io, temporal, flags } = following;
  const { handle, taskQueue, worker } = followed;
  const watching = new AbortController();
  // A wait that outlives the connection is tried again by the client, and ends the process with an error.
  const waiting = new AbortController();
  const left = leaving(followed, display, io.interactive);
  const resumeCommand = runCommand(io.program, 'resume', handle.workflowId, flags);
  const watched = { temporal, handle, taskQueue, workerCommand: `${io.program} worker`, resumeCommand };
  const watch = watchSync(watched, display, watching.signal);
  try {
    const ended = temporal.client
      .withAbortSignal(waiting.signal, () => endOrReset(followed, temporal))
      .catch((error: unknown) => lost(error, following));
    return await Promise.race([ended, left.asked, ...(worker === undefined ? [] : [worker.failed])]);
  } finally {
    waiting.abort();
    watching.abort();
    await watch;
    left.stop();
  }
}

async function endOrReset({ handle, runId }: Followed, { client }: TemporalClient): Promise<SyncEnd | Reset> {
  const end = await endOfSync(handle, codecsOf(client));
  // A reset ends the run as one that was terminated.
  const to = end.kind === 'error' && end.stopped ? await afterReset(client, handle.workflowId, runId) : undefined;
  return to === undefined ? end : { kind: 'reset', to };
}

/** The run goes on with its workers. One whose worker is in this process is paused, so that it goes on when somebody says so. */
async function detach({ handle, runId, taskQueue, worker }: Followed, following: Following): Promise<void> {
  const { io, temporal, flags } = following;
  const { workflowId } = handle;
  const say = (line: string) => void io.err.stream.write(`${line}\n`);
  const cancel = `  To cancel it: ${runCommand(io.program, 'cancel', workflowId, flags)}`;
  if (worker === undefined) {
    say('The run goes on without this terminal.');
    say(`  To come back: ${io.again}`);
    return say(cancel);
  }
  say('Pausing the run; what it copied so far is kept.');
  const failed = await pauseRun(temporal, { workflowId, runId, taskQueue }).then(() => undefined, messageOf);
  await worker.drain();
  say(
    failed === undefined ? 'The run is paused.' : `The run could not be paused: ${failed} It goes on with any worker.`,
  );
  say(`  To go on: ${runCommand(io.program, 'resume', workflowId, flags)} --local`);
  say(cancel);
}

/** Temporal stopped answering: the run is in its hands, and no worse for that. */
function lost(error: unknown, { io, temporal }: Following): SyncEnd {
  const message = `Temporal at ${temporal.address} no longer answers (${messageOf(error)}). The run goes on when it does; to come back: ${io.again}`;
  return { kind: 'error', code: 'UNREACHABLE', message, stopped: false };
}
