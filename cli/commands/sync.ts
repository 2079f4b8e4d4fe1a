import { loadConfig } from '../../config/load-config.ts';
import { type ResolvedConfig, specLimits } from '../../config/resolved.ts';
import { CODES } from '../../errors/codes.ts';
import { codeOf, FerryError, isFerryError, messageOf } from '../../errors/ferry-error.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { runUrl } from '../../sync/run-url.ts';
import { checkSpec, type SpecChoices } from '../../sync/spec.ts';
import { specIdentity } from '../../sync/spec-identity.ts';
import { cancelCommand } from '../command-lines.ts';
import { EXIT, exitCodeOf, exitCodeOfError } from '../exit-code.ts';
import { type ConfigFlags, overridesOf, type SpecFlags, specOfFlags } from '../flags.ts';
import { onInterrupt } from '../interrupt.ts';
import { type Io, writeJson } from '../io.ts';
import { type LocalWorker, startLocalWorker } from '../local-worker.ts';
import { outcomeReport } from '../outcome-report.ts';
import { type AskedFor, outcomeWithoutRun } from '../outcome-without-run.ts';
import { type ProgressDisplay, progressDisplay } from '../progress-display.ts';
import { type Begun, beginSync, cancelSync, endOfSync, type SyncEnd, type SyncHandle } from '../sync-run.ts';
import { connectTemporal, type TemporalClient, temporalError } from '../temporal-client.ts';
import { watchSync } from '../watch-sync.ts';

export type SyncFlags = ConfigFlags & SpecFlags & { readonly local?: boolean; readonly json?: boolean };

/** What one call of `ferry sync` works with. */
type Session = {
  readonly io: Io;
  readonly flags: SyncFlags;
  readonly config: ResolvedConfig;
  readonly temporal: TemporalClient;
  readonly choices: SpecChoices;
  readonly asked: AskedFor;
  readonly since: Date;
};

/** `ferry sync <table>`: starts the run or joins the one that does the same, shows how it goes, and tells how it ended. */
export async function sync(table: string, flags: SyncFlags, io: Io): Promise<number> {
  const since = new Date();
  const { config } = await loadConfig({
    ...(flags.config === undefined ? {} : { file: flags.config }),
    overrides: overridesOf(flags),
  });
  const spec = specOfFlags(table, flags, config.defaults.target);
  const asked = {
    source: flags.source ?? config.defaults.source ?? '',
    target: flags.target ?? config.defaults.target ?? '',
    table,
    selection: flags.partition?.join(', ') ?? 'all partitions',
  };
  let temporal: TemporalClient | undefined;
  try {
    const choices = checkSpec(spec, specLimits(config));
    temporal = await connectTemporal(config);
    return await syncThrough({
      io,
      flags,
      config,
      temporal,
      choices,
      asked: { ...asked, workflowId: specIdentity(choices) },
      since,
    });
  } catch (error) {
    return endWithError(error, { io, flags, asked, since });
  } finally {
    await temporal?.close();
  }
}

async function syncThrough(session: Session): Promise<number> {
  const { io, flags, config } = session;
  const display = progressDisplay(io.err);
  const worker = flags.local ? await startLocalWorker({ config, say: display.say, json: !io.err.isTty }) : undefined;
  try {
    const begun = await begin(session);
    return begun.kind === 'conflict' ? refuseConflict(begun, session) : await follow(begun, worker, display, session);
  } finally {
    await worker?.drain();
  }
}

async function begin({ temporal, config, choices }: Session): Promise<Begun> {
  try {
    return await beginSync(temporal.client, config.temporal.taskQueue, choices);
  } catch (error) {
    throw isFerryError(error) ? error : temporalError(error, 'The sync could not be started', temporal);
  }
}

type Following = Exclude<Begun, { readonly kind: 'conflict' }>;

/** Shows the run until it ends or this command is told to stop. */
async function follow(
  begun: Following,
  worker: LocalWorker | undefined,
  display: ProgressDisplay,
  session: Session,
): Promise<number> {
  const { io, temporal, config } = session;
  const { handle, runId } = begun;
  const watching = new AbortController();
  const uiUrl =
    config.temporal.ui === undefined
      ? undefined
      : runUrl(config.temporal.ui, temporal.namespace, handle.workflowId, runId);
  display.say(
    `${begun.kind === 'started' ? 'Started' : 'Already running, joined'}: ${handle.workflowId}${uiUrl === undefined ? '' : `\n${uiUrl}`}`,
  );
  const left = leaving(handle, display, session);
  const watched = { temporal, handle, taskQueue: config.temporal.taskQueue, workerCommand: `${io.program} worker` };
  const watch = watchSync(watched, display, watching.signal);
  try {
    const ended = endOfSync(handle).catch((error: unknown) => lost(error, session));
    const end = await Promise.race([ended, left.asked, ...(worker === undefined ? [] : [worker.failed])]);
    watching.abort();
    await watch;
    display.stop();
    if (end === 'detach') await detach(handle, worker, session);
    return end === 'detach'
      ? EXIT.interrupted
      : tellEnd(end, { ...session, asked: { ...session.asked, runId, ...(uiUrl === undefined ? {} : { uiUrl }) } });
  } finally {
    watching.abort();
    display.stop();
    left.stop();
  }
}

/** Resolves when somebody wants to leave the run alone. A cancellation is passed on, and its end waited for. */
function leaving(
  handle: SyncHandle,
  display: ProgressDisplay,
  { io }: Session,
): { readonly asked: Promise<'detach'>; stop(): void } {
  let leave: (asked: 'detach') => void;
  const asked = new Promise<'detach'>((resolve) => {
    leave = resolve;
  });
  const { stop } = onInterrupt(io.interactive, (interruption) => {
    if (interruption === 'detach') return leave('detach');
    if (interruption === 'leave-now') {
      display.stop();
      process.exit(EXIT.interrupted);
    }
    display.say('Cancelling the run; waiting for its end.');
    cancelSync(handle).catch((error: unknown) => display.say(`The run could not be cancelled: ${messageOf(error)}`));
  });
  return { asked, stop };
}

async function detach(handle: SyncHandle, worker: LocalWorker | undefined, { io, temporal }: Session): Promise<void> {
  const say = (line: string) => io.err.stream.write(`${line}\n`);
  if (worker !== undefined) {
    say('Stopping the worker; what it copied so far is kept.');
    await worker.drain();
  }
  say(
    worker === undefined
      ? 'The run goes on without this terminal.'
      : 'The run goes on when a worker takes it up again.',
  );
  say(`  To come back: ${io.again}`);
  say(`  To cancel it: ${cancelCommand(handle.workflowId, temporal)}`);
}

function refuseConflict(
  { workflowId, runId, differs }: Extract<Begun, { readonly kind: 'conflict' }>,
  session: Session,
): number {
  const { io, flags, asked, since, temporal } = session;
  const message =
    differs.length > 0
      ? `This table and selection are being synced already, with other options: ${differs.join(', ')} (${workflowId}).`
      : `This table and selection are being synced already, by a run that ferry did not start (${workflowId}).`;
  const hint = `Wait for its end, join it with the same options, or cancel it: ${cancelCommand(workflowId, temporal)}`;
  const outcome = outcomeWithoutRun({ ...asked, runId }, 'refused', { code: 'SPEC_INVALID', message, hint }, [
    since,
    new Date(),
  ]);
  return tellOutcome(outcome, io, flags);
}

/** Temporal stopped answering: the run is in its hands, and no worse for that. */
function lost(error: unknown, { io, temporal }: Session): SyncEnd {
  const message = `Temporal at ${temporal.address} no longer answers (${messageOf(error)}). The run goes on when it does; to come back: ${io.again}`;
  return { kind: 'error', code: 'UNREACHABLE', message, stopped: false };
}

function tellEnd(end: SyncEnd, session: Pick<Session, 'io' | 'flags' | 'asked' | 'since'>): number {
  const { io, flags, asked, since } = session;
  if (end.kind === 'outcome') return tellOutcome(end.outcome, io, flags);
  if (!end.stopped) return endWithError(new FerryError(end.code, end.message), session);
  return tellOutcome(
    outcomeWithoutRun(
      asked,
      'cancelled',
      { code: end.code, message: end.message, hint: 'Start the sync again; it copies only what is missing.' },
      [since, new Date()],
    ),
    io,
    flags,
  );
}

function endWithError(
  error: unknown,
  { io, flags, asked, since }: Pick<Session, 'io' | 'flags' | 'asked' | 'since'>,
): number {
  const exit = isFerryError(error) ? exitCodeOfError(error.code) : EXIT.unknown;
  // A wrong input or config has no outcome; main prints it as the error it is.
  if (exit === EXIT.usage || exit === EXIT.config || !isFerryError(error)) throw error;
  const code = codeOf(error);
  const why = { code, message: error.message, hint: CODES[code].hint };
  tellOutcome(
    outcomeWithoutRun(asked, exit === EXIT.refused ? 'refused' : 'failed', why, [since, new Date()]),
    io,
    flags,
  );
  return exit;
}

function tellOutcome(outcome: Outcome, io: Io, { json }: SyncFlags): number {
  if (json) writeJson(io, outcome);
  else
    io.out.stream.write(
      `${outcomeReport(outcome, { columns: io.out.columns(), colors: io.out.colors, goOn: io.again })}\n`,
    );
  return exitCodeOf(outcome);
}
