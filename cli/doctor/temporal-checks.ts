import type { ResolvedConfig } from '../../config/resolved.ts';
import { formatSize } from '../../sync/size.ts';
import { commandLine } from '../command-lines.ts';
import { type Check, fail, ok, skip, unanswered, type Verdict, warn } from './check.ts';
import { credentialsVerdict } from './credentials.ts';
import type { TemporalFindings } from './findings.ts';

export type RunSettings = {
  readonly nodes: ResolvedConfig['defaults']['nodes'];
  readonly poolBytes: number;
  /** The command that starts a worker. */
  readonly workerCommand: string;
};

export function temporalChecks(
  findings: TemporalFindings,
  settings: RunSettings,
  now: Date = new Date(),
): readonly Check[] {
  const check = (id: string, verdict: Verdict): Check => ({ id, subject: 'temporal', ...verdict });
  const { credentials } = findings;
  return [
    check('credentials', credentials.ok ? credentialsVerdict(credentials.value, now) : unanswered(credentials.failed)),
    check('server', serverVerdict(findings)),
    check('namespace', namespaceVerdict(findings)),
    ...(findings.queues.length === 0
      ? [check('workers', skip('the namespace does not answer'))]
      : findings.queues.map((queue) => check('workers', workersVerdict(queue, findings, settings)))),
    check('pool', poolVerdict(settings)),
  ];
}

export function serverVerdict({ connected, address, credentials }: TemporalFindings): Verdict {
  if (!credentials.ok) return skip('nobody knows how to get in');
  if (connected.ok) return ok(`${address} answers, version ${connected.value || 'unknown'}`);
  const refused = connected.failed.code === 'AUTH_REQUIRED' || connected.failed.code === 'PERMISSION_DENIED';
  return unanswered(
    connected.failed,
    refused
      ? 'Check temporal.apiKey and temporal.tls (or TEMPORAL_API_KEY, TEMPORAL_TLS_*): the server wants others.'
      : 'Check that the server runs, that temporal.address (or TEMPORAL_ADDRESS) is right, and temporal.tls where it speaks TLS.',
  );
}

export function namespaceVerdict({ namespaceKnown, namespace, address }: TemporalFindings): Verdict {
  if (namespaceKnown === undefined) return skip('the server does not answer');
  if (!namespaceKnown.ok) return unanswered(namespaceKnown.failed);
  if (namespaceKnown.value) return ok(`"${namespace}" is there`);
  const create = commandLine('temporal', ['operator', 'namespace', 'create', '-n', namespace, '--address', address]);
  return fail(
    `the server has no namespace "${namespace}"`,
    `Correct temporal.namespace (or TEMPORAL_NAMESPACE), or make it: ${create}`,
  );
}

export function workersVerdict(
  { name, polled }: TemporalFindings['queues'][number],
  { namespace }: Pick<TemporalFindings, 'namespace'>,
  { workerCommand }: Pick<RunSettings, 'workerCommand'>,
): Verdict {
  if (!polled.ok) return unanswered(polled.failed);
  if (polled.value) return ok(`a worker asks for the work of task queue "${name}"`);
  return fail(
    `no worker asks for the work of task queue "${name}" (namespace ${namespace}); a sync would wait`,
    `Start one: ${workerCommand}`,
  );
}

/** A worker with too small a pool runs the nodes one after another: slower, not wrong. */
export function poolVerdict({ nodes: { count, memoryBytes }, poolBytes }: RunSettings): Verdict {
  const asked = `defaults.nodes asks for ${count} × ${formatSize(memoryBytes)}`;
  const pool = `a worker's pool of ${formatSize(poolBytes)}`;
  const together = Math.floor(poolBytes / memoryBytes);
  if (together >= count) return ok(`${pool} holds all nodes at once (${asked})`);
  return warn(
    `${pool} holds ${together} at once (${asked}); the others wait, unless more workers run`,
    `Run ${Math.ceil(count / Math.max(1, together))} workers, or raise worker.pool to ${formatSize(count * memoryBytes)}.`,
  );
}
