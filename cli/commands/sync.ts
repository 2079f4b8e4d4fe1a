import { loadConfig } from '../../config/load-config.ts';
import { type ResolvedConfig, specLimits } from '../../config/resolved.ts';
import { isFerryError } from '../../errors/ferry-error.ts';
import { checkSpec, type SpecChoices } from '../../sync/spec.ts';
import { specIdentity } from '../../sync/spec-identity.ts';
import { cancelCommand } from '../command-lines.ts';
import { type ConfigFlags, overridesOf, type SpecFlags, specOfFlags } from '../flags.ts';
import { followRun } from '../follow-run.ts';
import type { Io } from '../io.ts';
import { startLocalWorker } from '../local-worker.ts';
import { outcomeWithoutRun } from '../outcome-without-run.ts';
import { progressDisplay } from '../progress-display.ts';
import { type Begun, beginSync } from '../sync-run.ts';
import { endWithError, type Telling, tellOutcome } from '../tell-end.ts';
import { connectTemporal, type TemporalClient, temporalError } from '../temporal-client.ts';

export type SyncFlags = ConfigFlags & SpecFlags & { readonly local?: boolean; readonly json?: boolean };

/** What one call of `ferry sync` works with. */
type Session = Telling & {
  readonly local: boolean;
  readonly config: ResolvedConfig;
  readonly temporal: TemporalClient;
  readonly choices: SpecChoices;
};

/** `ferry sync <table>`: starts the run or joins the one that does the same, shows how it goes, and tells how it ended. */
export async function sync(table: string, flags: SyncFlags, io: Io): Promise<number> {
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
  const telling = { io, json: flags.json === true, asked, since: new Date() };
  let temporal: TemporalClient | undefined;
  try {
    const choices = checkSpec(spec, specLimits(config));
    temporal = await connectTemporal(config);
    return await syncThrough({
      ...telling,
      local: flags.local === true,
      config,
      temporal,
      choices,
      asked: { ...asked, workflowId: specIdentity(choices) },
    });
  } catch (error) {
    return endWithError(error, telling);
  } finally {
    await temporal?.close();
  }
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
  const { asked, since, temporal } = session;
  const message =
    differs.length > 0
      ? `This table and selection are being synced already, with other options: ${differs.join(', ')} (${workflowId}).`
      : `This table and selection are being synced already, by a run that ferry did not start (${workflowId}).`;
  const hint = `Wait for its end, join it with the same options, or cancel it: ${cancelCommand(workflowId, temporal)}`;
  const why = { code: 'SPEC_INVALID', message, hint } as const;
  return tellOutcome(outcomeWithoutRun({ ...asked, runId }, 'refused', why, [since, new Date()]), session);
}
