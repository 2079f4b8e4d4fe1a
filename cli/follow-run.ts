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
import { endOfSync, type SyncEnd, type SyncHandle } from './sync-run.ts';
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

/** Shows the run until it ends or this command is told to stop; then tells its end, and gives the exit code. */
export async function followRun(followed: Followed, display: ProgressDisplay, following: Following): Promise<number> {
  const { io, temporal, config, flags } = following;
  const { handle, runId, taskQueue, how, worker } = followed;
  const watching = new AbortController();
  const { ui } = config.temporal;
  const uiUrl = ui === undefined ? undefined : runUrl(ui, temporal.namespace, handle.workflowId, runId);
  display.say(`${how}: ${handle.workflowId}${uiUrl === undefined ? '' : `\n${uiUrl}`}`);
  const left = leaving(followed, display, io.interactive);
  const resumeCommand = runCommand(io.program, 'resume', handle.workflowId, flags);
  const watched = { temporal, handle, taskQueue, workerCommand: `${io.program} worker`, resumeCommand };
  const watch = watchSync(watched, display, watching.signal);
  try {
    const ended = endOfSync(handle, codecsOf(temporal.client)).catch((error: unknown) => lost(error, following));
    const end = await Promise.race([ended, left.asked, ...(worker === undefined ? [] : [worker.failed])]);
    watching.abort();
    await watch;
    display.stop();
    if (end === 'detach') await detach(followed, following);
    return end === 'detach'
      ? EXIT.interrupted
      : tellEnd(end, { ...following, asked: { ...following.asked, runId, ...(uiUrl === undefined ? {} : { uiUrl }) } });
  } finally {
    watching.abort();
    display.stop();
    left.stop();
  }
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
