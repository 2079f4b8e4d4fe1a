import type { Socket } from 'node:net';
import { auth, connections, HiveClient, thrift } from 'hive-driver';
import { FerryError } from '../../errors/ferry-error.ts';
import { openError } from './sql-error.ts';

export type HiveSession = Awaited<ReturnType<HiveClient['openSession']>>;
export type HiveOperation = Awaited<ReturnType<HiveSession['executeStatement']>>;

export type ConnectionOptions = {
  readonly host: string;
  readonly port: number;
  /** As `hive.server2.authentication` of the server: NOSASL, or NONE, LDAP, PAM, CUSTOM, which all speak SASL PLAIN. */
  readonly auth: 'nosasl' | 'plain';
  readonly user?: string;
  readonly password?: () => string;
  /** Hive settings of the session ('hive.ddl.output.format': 'json'), given to every session that is opened. */
  readonly settings?: Readonly<Record<string, string>>;
  /** For the connection, the login and the session together. */
  readonly connectMs: number;
};

export type CallLimits = {
  /** No answer within this ends the connection: nothing is known of it any more. */
  readonly callMs: number;
  /** When the caller gives up (milliseconds since the epoch), with the connection left as it is. */
  readonly until?: number;
  readonly signal?: AbortSignal | undefined;
};

/** The oldest protocol with columns that Hive 1 to 4 all speak; what later ones add is not used. */
const PROTOCOL = thrift.TCLIService_types.TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V8;

/**
 * One connection to a HiveServer2 with its session. hive-driver never settles what is pending when the server goes away,
 * is not there, or speaks another authentication; here every call is rejected when the connection ends, and has a
 * deadline.
 */
export class HiveConnection {
  readonly session: HiveSession;
  readonly #state: State;

  private constructor(session: HiveSession, state: State) {
    this.session = session;
    this.#state = state;
  }

  /** @throws FerryError UNREACHABLE, DEADLINE, AUTH_REQUIRED, CONNECTION_LOST, SERVER_ERROR; the signal's reason. */
  static async open(options: ConnectionOptions, signal: AbortSignal | undefined): Promise<HiveConnection> {
    const state = new State(`${options.host}:${options.port}`);
    const { TCLIService, TCLIService_types } = thrift;
    const client = new HiveClient(TCLIService, TCLIService_types);
    client.on('error', (error: unknown) => state.end(openError(error, state.address)));
    client.on('close', () => state.end(state.lost('the server closed the connection')));
    const open = async (): Promise<HiveSession> => {
      await client.connect(
        { host: options.host, port: options.port },
        new connections.TcpConnection(),
        login(options, state),
      );
      return client.openSession({
        client_protocol: PROTOCOL,
        ...(options.user ? { username: options.user } : {}),
        ...(options.settings ? { configuration: configurationOf(options.settings) } : {}),
      });
    };
    try {
      const session = await state.race('openSession', open, { callMs: options.connectMs, signal });
      return new HiveConnection(session, state);
    } catch (error) {
      state.end(error);
      signal?.throwIfAborted();
      throw openError(error, state.address);
    }
  }

  get ended(): boolean {
    return this.#state.ended;
  }

  call<T>(what: string, run: () => Promise<T>, limits: CallLimits): Promise<T> {
    return this.#state.race(what, run, limits);
  }

  /** Ends the connection, and with it the session and what runs in it on the server. */
  kill(reason: unknown): void {
    this.#state.end(reason);
  }

  async close(callMs: number): Promise<void> {
    if (this.ended) return;
    await this.call('closeSession', () => this.session.close(), { callMs }).catch(() => undefined);
    this.kill(this.#state.lost('closed by the client'));
  }
}

/** The fate of a connection: open, or ended with a reason that all pending calls are rejected with. */
class State {
  readonly address: string;
  socket: (() => Socket | undefined) | undefined;
  readonly #pending = new Set<(reason: unknown) => void>();
  #end: { readonly reason: unknown } | undefined;

  constructor(address: string) {
    this.address = address;
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  lost(why: string): FerryError {
    return new FerryError('CONNECTION_LOST', `HiveServer2 at ${this.address}: ${why}`);
  }

  end(reason: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { reason };
    this.socket?.()
      ?.on('error', () => {})
      .destroy();
    for (const reject of this.#pending) reject(reason);
    this.#pending.clear();
  }

  async race<T>(what: string, run: () => Promise<T>, { callMs, until, signal }: CallLimits): Promise<T> {
    signal?.throwIfAborted();
    if (this.#end !== undefined) throw this.#end.reason;
    let stop = (): void => {};
    const timers: NodeJS.Timeout[] = [];
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#pending.add(reject);
        timers.push(setTimeout(() => this.end(this.#late(what, callMs)), callMs));
        if (until !== undefined) timers.push(setTimeout(() => reject(pastDeadline(this.address)), until - Date.now()));
        stop = () => reject(signal?.reason);
        signal?.addEventListener('abort', stop, { once: true });
        const settle = (): void => {
          this.#pending.delete(reject);
        };
        run().then(resolve, reject).finally(settle);
      });
    } finally {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  #late(what: string, callMs: number): FerryError {
    if (this.socket?.()?.connecting !== false) {
      return new FerryError('UNREACHABLE', `HiveServer2 at ${this.address}: no connection within ${callMs} ms`);
    }
    const hint = what === 'openSession' ? '; does `auth` agree with hive.server2.authentication?' : '';
    return new FerryError(
      'DEADLINE',
      `HiveServer2 at ${this.address}: no answer to ${what} within ${callMs} ms${hint}`,
    );
  }
}

/** What a statement ends with when its own time is over. */
export function pastDeadline(address: string): FerryError {
  return new FerryError('DEADLINE', `HiveServer2 at ${address}: the statement did not end within its deadline`);
}

type Transport = Parameters<InstanceType<typeof auth.NoSaslAuthentication>['authenticate']>[0];

/** The driver's login, which also lets the state know the socket: until the login ends, nobody else does. */
function login(options: ConnectionOptions, state: State): { authenticate(transport: Transport): Promise<Transport> } {
  const driver =
    options.auth === 'nosasl'
      ? new auth.NoSaslAuthentication()
      : new auth.PlainTcpAuthentication({
          username: options.user ?? 'anonymous',
          password: options.password?.() ?? 'anonymous',
        });
  return {
    authenticate: (transport) => {
      state.socket = () => transport.getTransport() as Socket | undefined;
      const authenticated = driver.authenticate(transport);
      const socket = state.socket();
      // Until the login ends, the driver listens to errors only, and a server that hangs up is no error.
      socket?.once('close', () => state.end(state.lost('the server closed the connection during the login')));
      return authenticated;
    },
  };
}

/** As the JDBC driver of Hive hands settings over (HiveSessionImpl.configureSession). */
function configurationOf(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`set:hiveconf:${name}`, value]));
}
