import { type StartContext, waitUntilReady } from './ensure-server.ts';
import { LabError } from './lab-error.ts';
import { probeNamespace } from './probes.ts';
import { runCommand } from './run-command.ts';
import type { ServerRecord } from './server-process.ts';

export const TEMPORAL_NAMESPACE = 'hive-ferry';
/** 30 days, as the CLI takes it and as the server answers it. */
export const TEMPORAL_RETENTION = { flag: '720h', answer: '2592000s' } as const;

/** Makes the lab's namespace, or gives the one that is there its retention; returns when it takes calls. */
export async function ensureNamespace(
  binary: string,
  address: string,
  server: ServerRecord,
  { progress, signal }: Pick<StartContext, 'progress' | 'signal'>,
): Promise<void> {
  const probe = probeNamespace(binary, address, TEMPORAL_NAMESPACE, TEMPORAL_RETENTION.answer);
  const missing = await probe();
  if (missing === undefined) return;
  const verb = missing.startsWith('retention') ? 'update' : 'create';
  const args = [
    'operator',
    'namespace',
    verb,
    '--address',
    address,
    '--namespace',
    TEMPORAL_NAMESPACE,
    '--retention',
    TEMPORAL_RETENTION.flag,
  ];
  const done = await runCommand(binary, args);
  if (done.exitCode !== 0 && !done.stderr.includes('already exists')) {
    throw new LabError(`Temporal's namespace ${TEMPORAL_NAMESPACE} could not be made: ${done.stderr.trim()}`);
  }
  await waitUntilReady(`temporal namespace ${TEMPORAL_NAMESPACE}`, probe, [server], signal ? { signal } : {});
  progress(`temporal namespace ${TEMPORAL_NAMESPACE} is ready`);
}
