import { connect as connectSocket, type Socket } from 'node:net';
import thrift from 'thrift';
import { FerryError, isFerryError, messageOf } from '../../errors/ferry-error.ts';
import { AnswerBuffer } from './answer-buffer.ts';
import { BinaryWriter } from './binary-writer.ts';
import service from './gen/ThriftHiveMetastore.js';

export type MetastoreClient = InstanceType<typeof service.Client>;

export type ConnectionOptions = {
  readonly host: string;
  readonly port: number;
  readonly connectMs: number;
  readonly callMs: number;
  /** An answer may not be larger. */
  readonly maxAnswerBytes: number;
};

export type CallOptions = { readonly signal?: AbortSignal | undefined };

/**
 * One TCP connection to a metastore. The connection of the thrift package is not used: it hangs for ever on a closed
 * port, a cut or garbled answer and a silent server, and reconnects in silence. Here every call has a deadline, all that
 * is pending is rejected when the connection ends, and a connection that ended stays so.
 */
export class MetastoreConnection {
  readonly address: string;
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #client: MetastoreClient;
  readonly #answers: AnswerBuffer;
  readonly #pending = new Set<(reason: unknown) => void>();
  #end: { readonly reason: unknown } | undefined;
  #answered = false;

  private constructor(options: ConnectionOptions, socket: Socket) {
    this.address = `${options.host}:${options.port}`;
    this.#options = options;
    this.#socket = socket;
    this.#answers = new AnswerBuffer(options.maxAnswerBytes);
    const output = new thrift.TBufferedTransport(undefined, (message) => this.#socket.write(message));
    this.#client = new service.Client(output, BinaryWriter as unknown as typeof thrift.TBinaryProtocol);
    socket.setNoDelay(true).setKeepAlive(true, 30_000);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.#close(this.#lost(error.message, error)));
    socket.on('close', () => this.#close(this.#lost('closed by the server')));
  }

  /** @throws FerryError UNREACHABLE; the signal's reason. */
  static async open(options: ConnectionOptions, { signal }: CallOptions = {}): Promise<MetastoreConnection> {
    signal?.throwIfAborted();
    const { host, port, connectMs } = options;
    const socket = connectSocket({ host, port });
    const { promise, resolve, reject } = settled<void>();
    const unreachable = (why: string, cause?: unknown): FerryError =>
      new FerryError('UNREACHABLE', `the metastore at ${host}:${port}: ${why}`, { cause });
    const timer = setTimeout(() => reject(unreachable(`no connection within ${connectMs} ms`)), connectMs);
    const stop = (): void => reject(signal?.reason);
    const failed = (error: Error): void => reject(unreachable(error.message || 'connection refused', error));
    socket.once('connect', resolve).once('error', failed);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      await promise;
    } catch (error) {
      socket.on('error', () => {}).destroy();
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      socket.off('error', failed);
    }
    return new MetastoreConnection(options, socket);
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  /**
   * One call of the generated client. Thrift's own exceptions come out as the server threw them; what goes wrong on the
   * way is a FerryError: DEADLINE, CONNECTION_LOST, BAD_ANSWER. A call that is given up (deadline, abort) ends the
   * connection, since its answer may still come.
   */
  async call<T>(
    method: string,
    run: (client: MetastoreClient) => Promise<T>,
    { signal }: CallOptions = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    if (this.#end !== undefined) throw this.#end.reason;
    const { callMs } = this.#options;
    const { promise, resolve, reject } = settled<T>();
    const late = (): void =>
      this.#close(
        new FerryError('DEADLINE', `the metastore at ${this.address}: no answer to ${method} within ${callMs} ms`),
      );
    const stop = (): void => this.#close(signal?.reason);
    const timer = setTimeout(late, callMs);
    signal?.addEventListener('abort', stop, { once: true });
    this.#pending.add(reject);
    try {
      run(this.#client).then(resolve, (error) => reject(typeof error === 'string' ? this.#bad(error) : error));
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      this.#pending.delete(reject);
    }
  }

  close(): void {
    this.#close(this.#lost('closed by the client'));
  }

  #read(chunk: Buffer): void {
    try {
      this.#answers.push(chunk);
      for (let message = this.#answers.take(); message !== undefined; message = this.#answers.take()) {
        this.#hand(message);
      }
    } catch (error) {
      const why = isFerryError(error) ? error.message : `an answer that cannot be read: ${messageOf(error)}`;
      this.#close(this.#bad(why, error));
    }
  }

  /** Gives a whole message to the generated client, which settles the promise of its call. */
  #hand(message: Buffer): void {
    if (this.#end !== undefined) return;
    thrift.TBufferedTransport.receiver((transport) => {
      const protocol = new thrift.TBinaryProtocol(transport);
      const { fname, mtype, rseqid } = protocol.readMessageBegin();
      const client = this.#client as unknown as Record<string, unknown>;
      const receive = client[`recv_${fname}`];
      if (typeof receive !== 'function') throw new Error(`an answer to ${fname}, which was not called`);
      receive.call(client, protocol, mtype, rseqid);
      this.#answered = true;
    }, 0)(message);
  }

  /** Also for the bare text with which the generated client rejects an answer that holds neither result nor exception. */
  #bad(why: string, cause?: unknown): FerryError {
    return new FerryError('BAD_ANSWER', `the metastore at ${this.address}: ${why}`, { cause });
  }

  #lost(why: string, cause?: unknown): FerryError {
    const hint = this.#answered ? '' : ' before its first answer (it may ask for Kerberos or TLS)';
    return new FerryError('CONNECTION_LOST', `the metastore at ${this.address}: ${why}${hint}`, { cause });
  }

  #close(reason: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { reason };
    this.#socket.destroy();
    for (const reject of this.#pending) reject(reason);
    this.#pending.clear();
  }
}

type Settled<T> = { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void };

/** A promise and what settles it. Promise.withResolvers is not in Node 20. */
function settled<T>(): Settled<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
