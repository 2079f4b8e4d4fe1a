import { loadConfig } from '../../config/load-config.ts';
import { openClusters } from '../../config/open-cluster.ts';
import { type ResolvedConfig, specLimits } from '../../config/resolved.ts';
import { isFerryError, messageOf } from '../../errors/ferry-error.ts';
import { selectionOf } from '../../sync/make-outcome.ts';
import { planDifferences, planLines } from '../../sync/plan-lines.ts';
import { planSync } from '../../sync/plan-sync.ts';
import { checkSpec, type SpecChoices } from '../../sync/spec.ts';
import { specIdentity } from '../../sync/spec-identity.ts';
import { runCommand } from '../command-lines.ts';
import { directRun } from '../direct-run.ts';
import { EXIT } from '../exit-code.ts';
import { type ConfigFlags, configRequest } from '../flags.ts';
import { followRun } from '../follow-run.ts';
import type { Io } from '../io.ts';
import { startLocalWorker } from '../local-worker.ts';
import { type AskedFor, outcomeWithoutRun } from '../outcome-without-run.ts';
import { readPlanFile } from '../plan-file.ts';
import { progressDisplay } from '../progress-display.ts';
import { type SpecFileFlags, specInput } from '../spec-input.ts';
import { type Begun, beginSync } from '../sync-run.ts';
import { endWithError, type Telling, tellOutcome } from '../tell-end.ts';
import { connectTemporal, type TemporalClient, temporalError } from '../temporal-client.ts';

export type SyncFlags = ConfigFlags & SpecFileFlags & { readonly local?: boolean; readonly json?: boolean };

/** What one call of `ferry sync` works with. */
type Session = Telling & {
  readonly local: boolean;
  readonly flags: ConfigFlags;
  readonly config: ResolvedConfig;
  readonly temporal: TemporalClient;
  readonly choices: SpecChoices;
};

/** `ferry sync <table>`: starts the run or joins the one that does the same, shows how it goes, and tells how it ended. */
export async function sync(table: string | undefined, flags: SyncFlags, io: Io): Promise<number> {
  const exit = await syncSpec((defaultTarget) => specInput(table, flags, defaultTarget), flags, io);
  if (exit === EXIT.refused && flags.plan !== undefined) await tellWhatMoved(flags.plan, table, flags, io);
  return exit;
}

type SyncSettings = ConfigFlags & Pick<SyncFlags, 'local' | 'json'>;

/** A sync of this input, which is not checked yet. `inputOf` takes the target that the config gives by default. */
export async function syncSpec(
  inputOf: (defaultTarget: string | undefined) => unknown,
  flags: SyncSettings,
  io: Io,
): Promise<number> {
  const { config } = await loadConfig(configRequest(flags));
  const input = await inputOf(config.defaults.target);
  const asked = askedFor(input, config.defaults);
  const telling = { io, json: flags.json === true, asked, since: new Date() };
  let temporal: TemporalClient | undefined;
  try {
    const choices = checkSpec(input, specLimits(config));
    temporal = await connectTemporal(config);
    return await syncThrough({
      ...telling,
      local: flags.local === true,
      flags,
      config,
      temporal,
      choices,
      asked: { ...asked, selection: selectionOf(choices), workflowId: specIdentity(choices) },
    });
  } catch (error) {
    return endWithError(error, telling);
  } finally {
    await temporal?.close();
  }
}

/** At most so many lines of what moved since a plan was made. */
const MOVED_SHOWN = 20;

/** Names what is otherwise than in the plan file, by planning once more; a refusal for another reason has none. */
async function tellWhatMoved(file: string, table: string | undefined, flags: SyncFlags, io: Io): Promise<void> {
  const say = (line: string) => io.err.stream.write(`${line}\n`);
  try {
    const now = await directRun(table, flags, io, { what: 'reading both sides', openClusters, work: planSync });
    const moved = planDifferences(readPlanFile(file).lines, planLines(now));
    if (moved.length === 0) return;
    say(`What has moved since ${file} was written:`);
    for (const line of moved.slice(0, MOVED_SHOWN)) say(`  ${line}`);
    if (moved.length > MOVED_SHOWN) say(`  and ${moved.length - MOVED_SHOWN} more`);
  } catch (error) {
    say(`What has moved since ${file} was written cannot be told: ${messageOf(error)}`);
  }
}

/** What is known of a sync before its spec is known to be right. */
function askedFor(input: unknown, defaults: ResolvedConfig['defaults']): AskedFor {
  const { source, target, table } = (input ?? {}) as {
    readonly source?: string;
    readonly target?: string | { readonly cluster: string };
    readonly table?: string;
  };
  const cluster = typeof target === 'object' ? target.cluster : target;
  return {
    source: source ?? defaults.source ?? '',
    target: cluster ?? defaults.target ?? '',
    table: table ?? '',
    selection: '',
  };
}

async function syncThrough(session: Session): Promise<number> {
  const { io, local, config } = session;
  const { taskQueue } = config.temporal;
  const display = progressDisplay(io.err);
  const worker = local ? await startLocalWorker({ config, say: display.say, json: !io.err.isTty }) : undefined;
  try {
    const begun = await begin(session);
    if (begun.kind === 'conflict') return refuseConflict(begun, session);
    const how = begun.kind === 'started' ? 'Started' : 'Already running, joined';
    return await followRun({ ...begun, how, taskQueue, owned: true, worker }, display, session);
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

function refuseConflict(
  { workflowId, runId, differs }: Extract<Begun, { readonly kind: 'conflict' }>,
  session: Session,
): number {
  const { asked, since, io, flags } = session;
  const message =
    differs.length > 0
      ? `This table and selection are being synced already, with other options: ${differs.join(', ')} (${workflowId}).`
      : `This table and selection are being synced already, by a run that ferry did not start (${workflowId}).`;
  const hint = `Wait for its end, join it with the same options, or cancel it: ${runCommand(io.program, 'cancel', workflowId, flags)}`;
  const why = { code: 'SPEC_INVALID', message, hint } as const;
  return tellOutcome(outcomeWithoutRun({ ...asked, runId }, 'refused', why, [since, new Date()]), session);
}
