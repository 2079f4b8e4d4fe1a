import type { LogEntry, LogLevel } from '@temporalio/worker';

/** What is written of an entry; undefined: the SDK's talk of its own doings, unless it is a warning. */
export function logLine({ level, message, meta = {}, timestampNanos }: LogEntry, json: boolean): string | undefined {
  if (meta.sdkComponent !== 'activity' && meta.sdkComponent !== 'workflow' && !LOUD.includes(level)) return undefined;
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  const fields = { ...fieldsOf(meta), ...errorFields(meta.error) };
  if (json) return JSON.stringify({ time, level, message, ...fields });
  const rest = Object.entries(fields)
    .filter(([name]) => !FOR_MACHINES.includes(name))
    .map(
      ([name, value]) => ` ${name}=${typeof value === 'string' && !/\s/.test(value) ? value : JSON.stringify(value)}`,
    );
  return `${time} ${level.padEnd(5)} ${message.trimEnd()}${rest.join('')}`;
}

const LOUD: readonly LogLevel[] = ['WARN', 'ERROR'];
const FOR_MACHINES: readonly string[] = ['runId', 'attempt', 'taskQueue'];
/** The SDK's names for what a reader looks for, as the Outcome calls it; the rest of its own is noise. */
const RENAMED: Readonly<Record<string, string>> = { workflowRunId: 'runId' };
const LEFT_OUT: readonly string[] = [
  'taskToken',
  'isLocal',
  'namespace',
  'sdkComponent',
  'activityType',
  'workflowType',
  'error',
];

function fieldsOf(meta: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(meta)
      .filter(([name, value]) => !LEFT_OUT.includes(name) && value !== undefined)
      .map(([name, value]) => [RENAMED[name] ?? name, value]),
  );
}

function errorFields(error: unknown): { readonly code?: string; readonly error?: string } {
  if (error === undefined) return {};
  if (!(error instanceof Error)) return { error: String(error) };
  const { type } = error as { readonly type?: unknown };
  return { ...(typeof type === 'string' ? { code: type } : {}), error: error.message };
}
