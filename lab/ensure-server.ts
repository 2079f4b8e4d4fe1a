import { setTimeout as sleep } from 'node:timers/promises';
import { portTaken, strangerOn } from './claim-port.ts';
import { LabError } from './lab-error.ts';
import type { Probe } from './probes.ts';
import { isAlive } from './process-identity.ts';
import type { Progress } from './progress.ts';
import { endProcess, lastLogLines, readRecord, type ServerRecord, startServer, title } from './server-process.ts';
import type { Server } from './servers.ts';
import type { LabSettings } from './settings.ts';

/** What is seen of a server before anything is done about it. */
export type Seen = {
  /** Of the record, if there is one. */
  readonly fingerprint?: string;
  /** The very process of the record runs (or is stopped). */
  readonly alive: boolean;
  /** What its probe missed. */
  readonly missing?: string | undefined;
};

/** What to do with a server: leave it, start it, or end the half-dead or outdated one and start it. */
export function decideServer(seen: Seen, wantedFingerprint: string): 'keep' | 'start' | 'restart' {
  if (!seen.alive) return 'start';
  if (seen.fingerprint !== wantedFingerprint) return 'restart';
  return seen.missing === undefined ? 'keep' : 'restart';
}

export type StartContext = {
  readonly settings: LabSettings;
  readonly progress: Progress;
  /** Another server failed: give up waiting. */
  readonly signal?: AbortSignal;
};

/** How long a server that runs already may take to answer before it counts as half-dead. */
const ANSWERS_WITHIN_MS = 4000;
const READY_WITHIN_MS = 180_000;

/** Brings one server to answering, whatever it is now; what runs and answers is left alone. */
export async function ensureServer(server: Server, context: StartContext): Promise<ServerRecord> {
  const record = readRecord(server.name);
  const alive = record !== undefined && isAlive(record);
  const current = alive && record.fingerprint === server.fingerprint;
  const missing = current ? await missingAfter(server.probe, ANSWERS_WITHIN_MS) : undefined;
  const seen: Seen = { alive, missing, ...(record ? { fingerprint: record.fingerprint } : {}) };
  const decision = decideServer(seen, server.fingerprint);
  if (record !== undefined && decision === 'keep') {
    context.progress(`${title(server.name)} runs (pid ${record.pid})`);
    return record;
  }
  if (record !== undefined && decision === 'restart') {
    context.progress(
      `${title(server.name)} ${missing === undefined ? 'has other settings' : `does not answer (${missing})`}: ending pid ${record.pid}`,
    );
    await endProcess(record);
  }
  return await startAndWait(server, context);
}

/** Starts a server that does not run, and waits until it answers; throws with its last log lines when it died. */
export async function startAndWait(server: Server, context: StartContext): Promise<ServerRecord> {
  await requireFreePorts(server, context);
  const record = await startServer(server, server.fingerprint);
  await waitUntilReady(title(server.name), server.probe, [record], context);
  context.progress(`${title(server.name)} is ready (pid ${record.pid})`);
  return record;
}

/** Asks a probe until it is content, as long as the processes it depends on live. */
export async function waitUntilReady(
  what: string,
  probe: Probe,
  processes: readonly ServerRecord[],
  { signal }: Pick<StartContext, 'signal'>,
): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const missing = await probe();
    if (missing === undefined) return;
    signal?.throwIfAborted();
    const dead = processes.find((process_) => !isAlive(process_));
    if (dead !== undefined)
      throw new LabError(`${what} died while starting. The end of its log (${dead.log}):\n${lastLogLines(dead.log)}`);
    if (Date.now() > deadline) {
      const logs = processes.map(({ log }) => `${log}:\n${lastLogLines(log)}`).join('\n');
      throw new LabError(
        `${what} is not ready after ${READY_WITHIN_MS / 1000} s (${missing}). The end of its log:\n${logs}`,
      );
    }
    await sleep(150);
  }
}

async function missingAfter(probe: Probe, withinMs: number): Promise<string | undefined> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const missing = await probe();
    if (missing === undefined || Date.now() > deadline) return missing;
    await sleep(250);
  }
}

async function requireFreePorts(server: Server, { settings, progress }: StartContext): Promise<void> {
  for (const name of server.ports) {
    const stranger = await strangerOn(settings.ports[name], server.name, progress);
    if (stranger !== undefined) {
      throw new LabError(
        `${portTaken(name, settings.ports[name], stranger)} End that process, then: npm run lab -- up`,
      );
    }
  }
}
