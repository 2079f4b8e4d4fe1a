import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { FerryError } from '../../errors/ferry-error.ts';
import { onAbort } from '../on-abort.ts';
import { untilAborted } from '../until-aborted.ts';
import { type Answer, refusalOf } from './answer.ts';
import { Deadline } from './deadlines.ts';
import { type Exchange, exchange, requestTo, whereOf, wholeAnswer } from './exchange.ts';
import { networkFailure, whenConnected } from './network-failure.ts';
import { UploadSocket } from './upload-socket.ts';

/** Bytes that may wait in one upload before its source is asked for more. */
const IN_FLIGHT = 256 * 1024;
/** Milliseconds that an answer may take after a write has failed. */
const ANSWER_AFTER_BREAK = 1_000;
/** Nobody is told it; without one, each file would make an error with a stack trace. */
const ENDED = 'nothing more is to be sent';

/** Asks a datanode for bytes; resolves with the 200 response, whose body is yet to be read. Every other answer throws. */
export async function get(url: string, options: Exchange): Promise<IncomingMessage> {
  const response = await exchange('GET', url, options);
  if (response.statusCode === 200) return response;
  throw refusalOf(await wholeAnswer(response, url, options), options.what);
}

/**
 * Sends a new file's bytes to the datanode that the namenode named. `body` is called once, when the datanode says that
 * it is ready (a datanode always does). UNREACHABLE: the connection never stood, and `body` was not called.
 *
 * Only 201 is success. The source is held back while the datanode takes its time; the idle deadline runs while the
 * datanode is waited for, never while the source is. Settles once, with the datanode's own answer where there is one.
 */
export function put(url: string, body: () => AsyncIterable<Uint8Array>, options: Exchange): Promise<void> {
  return new Promise((resolve, reject) => new Upload(url, body, options, resolve, reject).start());
}

class Upload {
  readonly #url: string;
  readonly #where: string;
  readonly #body: () => AsyncIterable<Uint8Array>;
  readonly #options: Exchange;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  readonly #request: ClientRequest;
  readonly #deadline: Deadline;
  /** Aborts when nothing more is to be sent: the source is let go, also while it is being waited for. */
  readonly #sending = new AbortController();
  #ready: NodeJS.Timeout | undefined;
  #stop = () => {};
  #connected = false;
  #started = false;
  #answered = false;

  constructor(
    url: string,
    body: () => AsyncIterable<Uint8Array>,
    options: Exchange,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    this.#url = url;
    this.#where = whereOf(url);
    this.#body = body;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#deadline = new Deadline(options.what, this.#where, (error) => this.#fail(error));
    const headers = { ...options.headers, 'Content-Type': 'application/octet-stream', Expect: '100-continue' };
    // A connection of its own: a datanode closes it after each file.
    this.#request = requestTo(url, { method: 'PUT', headers, ...this.#connection() });
  }

  start(): void {
    const { signal, deadlines } = this.#options;
    this.#deadline.set(deadlines.connect, 'connect');
    this.#request.once('socket', (socket) => whenConnected(socket, () => this.#atConnection()));
    this.#request.once('continue', () => this.#begin());
    this.#request.once('response', (response) => this.#atResponse(response));
    this.#request.on('error', (error) => this.#atError(error));
    this.#stop = onAbort(signal, (reason) => this.#fail(reason));
  }

  /** Over TLS a refusal that crosses with the bytes may come as a lost connection instead. */
  #connection(): RequestOptions {
    if (this.#url.startsWith('https:')) return { agent: false };
    const { hostname, port } = new URL(this.#url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = new UploadSocket((error) => this.#atBrokenWrite(error));
    return { createConnection: () => socket.connect({ host, port: Number(port || 80) }) };
  }

  #atConnection(): void {
    this.#connected = true;
    this.#deadline.set(this.#options.deadlines.idle, 'answer');
    this.#ready = setTimeout(() => this.#begin(), this.#options.deadlines.ready);
  }

  #begin(): void {
    if (this.#started || this.#sending.signal.aborted) return;
    this.#started = true;
    clearTimeout(this.#ready);
    this.#send().catch((error) => {
      if (!this.#sending.signal.aborted) this.#fail(error);
    });
  }

  async #send(): Promise<void> {
    const { signal } = this.#sending;
    const { idle } = this.#options.deadlines;
    this.#deadline.clear();
    for await (const chunk of untilAborted(this.#body(), signal)) {
      if (chunk.length > 0) this.#request.write(chunk);
      if (this.#request.writableLength <= IN_FLIGHT) continue;
      this.#deadline.set(idle, 'take the next bytes');
      await this.#drained();
      signal.throwIfAborted();
      this.#deadline.clear();
    }
    this.#request.end();
    this.#deadline.set(idle, 'answer');
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const stop = onAbort(this.#sending.signal, () => resolve());
      this.#request.once('drain', () => {
        stop();
        resolve();
      });
    });
  }

  #atResponse(response: IncomingMessage): void {
    const whole = this.#request.writableEnded;
    this.#answered = true;
    this.#sending.abort(ENDED);
    response.on('error', () => {});
    this.#deadline.clear();
    wholeAnswer(response, this.#url, this.#options).then(
      (answer) => this.#judge(answer, whole),
      (error) => this.#fail(error),
    );
  }

  #judge(answer: Answer, whole: boolean): void {
    const { what } = this.#options;
    if (answer.status !== 201) this.#fail(refusalOf(answer, what));
    else if (whole) this.#settle(this.#resolve);
    else this.#fail(new FerryError('BAD_ANSWER', `${what}: ${this.#where} answered 201 before it had the whole file`));
  }

  /** The answer that says why may be there to be read; what the connection itself says comes a moment later. */
  #atBrokenWrite(error: Error): void {
    if (this.#answered || this.#sending.signal.aborted) return;
    this.#sending.abort(ENDED);
    this.#deadline.clear();
    this.#ready = setTimeout(() => this.#atError(error), ANSWER_AFTER_BREAK);
  }

  #atError(error: Error): void {
    if (!this.#answered) this.#fail(networkFailure(error, this.#options.what, this.#where, this.#connected));
  }

  #fail(error: unknown): void {
    this.#settle(() => this.#reject(error));
  }

  #settle(act: () => void): void {
    this.#deadline.clear();
    clearTimeout(this.#ready);
    this.#stop();
    act();
    this.#sending.abort(ENDED);
    this.#request.destroy();
  }
}
