import type { Socket } from 'node:net';
import { auth, connections, HiveClient, HiveUtils, thrift } from 'hive-driver';
import { LabError } from './lab-error.ts';
import { readLabState } from './state.ts';

/** One row: column name -> value. Cast BIGINT and DECIMAL to string in the statement when every digit counts. */
export type HiveRow = Readonly<Record<string, unknown>>;
/** Runs one statement and returns its rows (none for a statement without a result). One at a time in a session. */
export type HiveQuery = (sql: string, deadlineMs?: number) => Promise<HiveRow[]>;

const { TCLIService, TCLIService_types: types } = thrift;
const utils = new HiveUtils(types);
const DEADLINE_MS = 120_000;

/** Opens a HiveServer2 session on a cluster of the running lab, gives it to `work`, and closes it. */
export async function withHive<T>(cluster: 'a' | 'b', work: (query: HiveQuery) => Promise<T>): Promise<T> {
  const lab = readLabState();
  if (lab === undefined) throw new LabError('The lab is not up: npm run lab -- up');
  return await withHiveAt(lab.clusters[cluster].hiveserver2, work);
}

/** The same for any HiveServer2 without authentication (NOSASL). Every call has a deadline; a lost connection rejects. */
export async function withHiveAt<T>(
  server: { readonly host: string; readonly port: number },
  work: (query: HiveQuery) => Promise<T>,
  openWithinMs = 30_000,
): Promise<T> {
  const client = new HiveClient(TCLIService, types);
  const connection = new connections.TcpConnection();
  const lost = new Promise<never>((_resolve, reject) => {
    client.on('error', (error: Error) =>
      reject(new LabError(`HiveServer2 ${server.host}:${server.port}: ${error.message}`)),
    );
    client.on('close', () => reject(new LabError(`HiveServer2 ${server.host}:${server.port}: connection closed`)));
  });
  lost.catch(() => undefined);
  const within = <V>(ms: number, what: string, call: Promise<V>) => inTime(Promise.race([call, lost]), ms, what);
  try {
    await within(openWithinMs, 'connect', client.connect(server, connection, new auth.NoSaslAuthentication()));
    const protocol = types.TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10;
    const session = await within(openWithinMs, 'open a session', client.openSession({ client_protocol: protocol }));
    try {
      return await work(async (sql, deadlineMs = DEADLINE_MS) => {
        const end = Date.now() + deadlineMs;
        return await execute(session, sql, (promise, ms = end - Date.now()) => within(ms, sql.slice(0, 80), promise));
      });
    } finally {
      await within(10_000, 'close the session', session.close()).catch(() => undefined);
    }
  } finally {
    client.close();
    // close() waits for the server to hang up, which a stopped one never does.
    (connection.getConnection() as { connection?: Socket } | undefined)?.connection?.destroy();
  }
}

type Session = Awaited<ReturnType<HiveClient['openSession']>>;
type Operation = Awaited<ReturnType<Session['executeStatement']>>;

/** Waits for one call to the server, by default until the statement's deadline. */
type Call = <V>(promise: Promise<V>, ms?: number) => Promise<V>;

async function execute(session: Session, sql: string, call: Call): Promise<HiveRow[]> {
  let operation: Operation | undefined;
  try {
    operation = await call(session.executeStatement(sql, { runAsync: true }));
    await untilFinished(operation, call);
    operation.setMaxRows(10_000);
    do await call(operation.fetch(types.TFetchOrientation.FETCH_NEXT));
    while (operation.hasMoreRows());
    return (utils.getResult(operation).getValue() as HiveRow[] | null) ?? [];
  } catch (error) {
    throw new LabError(`${sql.slice(0, 200)}\n${serverWords(error)}`);
  } finally {
    // Closing also ends a statement that is still running.
    if (operation !== undefined) await call(operation.close(), 5000).catch(() => undefined);
  }
}

/** The driver's own waiting asks again without a pause. */
async function untilFinished(operation: Operation, call: Call): Promise<void> {
  const { INITIALIZED_STATE, PENDING_STATE, RUNNING_STATE, FINISHED_STATE } = types.TOperationState;
  for (let pause = 5; ; pause = Math.min(pause * 1.5, 200)) {
    const status = await call(operation.status(false));
    if (status.operationState === FINISHED_STATE) return;
    if (![INITIALIZED_STATE, PENDING_STATE, RUNNING_STATE].includes(status.operationState)) {
      throw new Error(status.errorMessage ?? `operation ended in state ${status.operationState}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** What the server said: compile errors come as objects that are no Error, run errors with a response. */
function serverWords(error: unknown): string {
  const { response, message } = error as { response?: { errorMessage?: string }; message?: string };
  return response?.errorMessage ?? message ?? String(error);
}

async function inTime<V>(call: Promise<V>, ms: number, what: string): Promise<V> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LabError(`HiveServer2 gave no answer in time: ${what}`)), Math.max(ms, 0));
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
