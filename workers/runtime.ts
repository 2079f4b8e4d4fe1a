import { createServer } from 'node:net';
import { DefaultLogger, type LogLevel, type MetricsExporterConfig, Runtime } from '@temporalio/worker';
import { logLine } from './log-line.ts';

export type RuntimeOptions = {
  /** Takes one line of the log, without its newline. */
  readonly write: (line: string) => void;
  /** JSON lines, for a collector; else a line for people. */
  readonly json: boolean;
  /** Default INFO. */
  readonly level?: LogLevel;
};

/** Another process may take the port between its being found and its being used. */
const TRIES = 5;

/**
 * Sends what the SDK and the activities log to `write`. It installs the Runtime of the process: once, before the first
 * worker is made, and only in a process that is hive-ferry's own. Signals are left to that process: the Runtime would stop
 * the workers at once, also one that is still needed to pause or cancel its run.
 */
export function installRuntime(options: RuntimeOptions, metrics?: MetricsExporterConfig): void {
  const { write, json, level = 'INFO' } = options;
  const logger = new DefaultLogger(level, (entry) => {
    const line = logLine(entry, json);
    if (line !== undefined) write(line);
  });
  Runtime.install({
    logger,
    shutdownSignals: [],
    telemetryOptions: { logging: { forward: {} }, ...(metrics === undefined ? {} : { metrics }) },
  });
}

/**
 * The same with the SDK's Prometheus exporter, and where it answers: 'host:port' of this machine's own. Counters end in
 * `_total` and durations are in seconds, as Prometheus would have it and Temporal's published dashboards read them.
 */
export async function installRuntimeWithMetrics(options: RuntimeOptions): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const bindAddress = `127.0.0.1:${await freePort()}`;
    try {
      installRuntime(options, {
        attachServiceName: false,
        prometheus: { bindAddress, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true },
      });
      return bindAddress;
    } catch (error) {
      if (attempt === TRIES || !String(error).includes('Address already in use')) throw error;
    }
  }
}

/**
 * Ends the Runtime of a process in which no worker came to be: the last of its workers and connections would, and without
 * one its log keeps the process.
 */
export async function uninstallRuntime(): Promise<void> {
  await Runtime.instance().shutdown();
}

/** The exporter would take a free port by itself, and not tell which. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
