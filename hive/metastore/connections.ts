import { FerryError, isFerryError, messageOf } from '../../errors/ferry-error.ts';
import { type CallOptions, type MetastoreClient, MetastoreConnection } from './connection.ts';

/** Makes a fresh connection known to the server, before its first call. */
export type Login = (connection: MetastoreConnection, options: CallOptions) => Promise<void>;

/** Without Kerberos a metastore believes the name it is given (hive.metastore.execute.setugi); must be the first call, once. */
export function loginAs(user: string): Login {
  return async (connection, options) => {
    await connection.call('set_ugi', (client) => client.set_ugi(user, []), options);
  };
}

export type ConnectionsOptions = {
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  readonly login: Login;
  readonly connectMs: number;
  readonly callMs: number;
  readonly maxAnswerBytes: number;
  /** Calls at once; further ones wait. */
  readonly most: number;
};

/**
 * The connections to one metastore service. A call has a connection to itself (a metastore answers those of one
 * connection in turn, and a deadline must not run while waiting for another's answer); one that ended is never used
 * again, the next call opens another, trying the addresses in turn from the last good one.
 */
export class MetastoreConnections {
  readonly #options: ConnectionsOptions;
  readonly #idle: MetastoreConnection[] = [];
  readonly #open = new Set<MetastoreConnection>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #good = 0;
  #closed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  async call<T>(method: string, run: (client: MetastoreClient) => Promise<T>, options: CallOptions = {}): Promise<T> {
    options.signal?.throwIfAborted();
    await this.#turn(options);
    try {
      const connection = this.#takeIdle() ?? (await this.#connect(options));
      try {
        return await connection.call(method, run, options);
      } catch (error) {
        if (connection.ended) this.#leave(connection.address);
        throw error;
      } finally {
        if (connection.ended || this.#closed) this.#drop(connection);
        else this.#idle.push(connection);
      }
    } finally {
      this.#busy -= 1;
      this.#waiting.shift()?.();
    }
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#open) this.#drop(connection);
  }

  /** Waits for a free place. */
  async #turn({ signal }: CallOptions): Promise<void> {
    while (this.#busy >= this.#options.most) {
      await new Promise<void>((resolve, reject) => {
        const stop = (): void => {
          this.#waiting.splice(this.#waiting.indexOf(go), 1);
          reject(signal?.reason);
        };
        const go = (): void => {
          signal?.removeEventListener('abort', stop);
          resolve();
        };
        signal?.addEventListener('abort', stop, { once: true });
        this.#waiting.push(go);
      });
    }
    this.#busy += 1;
  }

  /** The next connection is first tried elsewhere than where a call has just met with silence or a broken connection. */
  #leave(address: string): void {
    const { addresses } = this.#options;
    const good = addresses[this.#good];
    if (good !== undefined && `${good.host}:${good.port}` === address) this.#good = (this.#good + 1) % addresses.length;
  }

  #takeIdle(): MetastoreConnection | undefined {
    for (let one = this.#idle.pop(); one !== undefined; one = this.#idle.pop()) {
      if (!one.ended) return one;
      this.#drop(one);
    }
    return undefined;
  }

  async #connect(options: CallOptions): Promise<MetastoreConnection> {
    if (this.#closed) throw new FerryError('CONNECTION_LOST', 'the metastore client was closed');
    const { addresses, login, connectMs, callMs, maxAnswerBytes } = this.#options;
    const failures: unknown[] = [];
    for (let i = 0; i < addresses.length; i += 1) {
      const at = (this.#good + i) % addresses.length;
      const address = addresses[at];
      if (address === undefined) continue;
      try {
        const connection = await MetastoreConnection.open({ ...address, connectMs, callMs, maxAnswerBytes }, options);
        this.#open.add(connection);
        await login(connection, options).catch((error) => {
          this.#drop(connection);
          throw error;
        });
        this.#good = at;
        return connection;
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!isFerryError(error)) throw error;
        failures.push(error);
      }
    }
    if (failures.length === 1) throw failures[0];
    throw new FerryError('UNREACHABLE', `no metastore answers: ${failures.map(messageOf).join('; ')}`, {
      cause: failures[0],
    });
  }

  #drop(connection: MetastoreConnection): void {
    this.#open.delete(connection);
    connection.close();
  }
}
