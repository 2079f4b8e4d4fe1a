import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { FerryError, isFerryError, messageOf } from '../../errors/ferry-error.ts';
import { onAbort } from '../on-abort.ts';
import { Deadline } from './deadlines.ts';
import { isPassing } from './patience.ts';

/** Where the bytes come from: a response whose body starts at `offset`, `length` bytes long or to the end of the file. */
export type Source = (offset: number, length: number | undefined) => Promise<IncomingMessage>;

export type ReadOptions = {
  readonly what: string;
  readonly where: string;
  readonly signal: AbortSignal | undefined;
  readonly offset: number;
  readonly length: number | undefined;
  /** Milliseconds without a byte, while bytes are wanted, after which the connection counts as broken. */
  readonly idle: number;
};

/** Times in a row that a body may break off without this much progress in between. */
const BREAKS = 5;
const PROGRESS = 8 * 1024 * 1024;

/**
 * A file's bytes as one stream over as many responses as it takes. The first one says how many bytes there are; one
 * that breaks off or falls silent is replaced by another from where it stopped. The end comes only after the last
 * byte; a body that stays short, or a file that changed its length meanwhile, ends with CONNECTION_LOST.
 */
export class ResumableRead extends Readable {
  readonly #source: Source;
  readonly #options: ReadOptions;
  readonly #deadline: Deadline;
  readonly #stop: () => void;
  #response: IncomingMessage | undefined;
  #at: number;
  /** undefined: the server does not say and marks the end itself (chunked). */
  #left: number | undefined;
  #breaks = 0;
  #brokeAt = 0;

  constructor(first: IncomingMessage, source: Source, options: ReadOptions) {
    super();
    this.#source = source;
    this.#options = options;
    this.#at = options.offset;
    this.#deadline = new Deadline(options.what, options.where, (error) => this.#broken(error));
    this.#stop = onAbort(options.signal, (reason) => this.destroy(reason as Error));
    const { headers } = first;
    this.#left = lengthOf(first);
    const unmarked = this.#left === undefined && headers['transfer-encoding'] !== 'chunked';
    const tooLong = options.length !== undefined && this.#left !== undefined && this.#left > options.length;
    if (unmarked || tooLong) {
      first.destroy();
      const why = tooLong ? 'more bytes than were asked for' : 'bytes without saying how many';
      this.destroy(new FerryError('BAD_ANSWER', `${options.what}: ${options.where} sends ${why}`));
    } else this.#attach(first);
  }

  override _read(): void {
    if (this.#response === undefined) return;
    this.#deadline.set(this.#options.idle, 'send the next bytes');
    this.#response.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#deadline.clear();
    this.#stop();
    this.#detach();
    done(error);
  }

  #attach(response: IncomingMessage): void {
    this.#response = response;
    response.on('data', (chunk: Buffer) => this.#take(chunk));
    response.once('close', () => this.#closed(response));
    response.on('error', () => {});
    // Nothing flows before it is asked for.
    response.pause();
  }

  #detach(): void {
    const response = this.#response;
    this.#response = undefined;
    response?.removeAllListeners('data');
    response?.destroy();
  }

  #take(chunk: Buffer): void {
    this.#at += chunk.length;
    if (this.#left !== undefined) this.#left -= chunk.length;
    if (this.push(chunk)) this.#deadline.set(this.#options.idle, 'send the next bytes');
    else {
      this.#deadline.clear();
      this.#response?.pause();
    }
  }

  /** Comes after the last 'data', for a whole body as for one that was cut. */
  #closed(response: IncomingMessage): void {
    if (response !== this.#response) return;
    const whole = this.#left === undefined ? response.complete : this.#left === 0;
    if (whole) {
      this.#deadline.clear();
      this.push(null);
    } else this.#broken(new Error('the body ends early'));
  }

  #broken(error: Error): void {
    this.#deadline.clear();
    this.#detach();
    if (this.#at - this.#brokeAt >= PROGRESS) this.#breaks = 0;
    this.#breaks += 1;
    this.#brokeAt = this.#at;
    if (this.#breaks > BREAKS) this.destroy(this.#lost(`${messageOf(error)}, ${BREAKS} times in a row`, error));
    else this.#again().catch((failure) => this.destroy(failure));
  }

  async #again(): Promise<void> {
    const length = this.#options.length === undefined ? undefined : this.#options.length - this.#sent();
    const response = await this.#source(this.#at, this.#left ?? length).catch((error: unknown) => {
      throw isFerryError(error) && isPassing(error) ? this.#lost(messageOf(error), error) : error;
    });
    if (this.destroyed) {
      response.destroy();
      return;
    }
    if (this.#left !== undefined && lengthOf(response) !== this.#left) {
      response.destroy();
      throw this.#lost('the file has another length now', undefined);
    }
    this.#attach(response);
    this._read();
  }

  #sent(): number {
    return this.#at - this.#options.offset;
  }

  #lost(why: string, cause: unknown): FerryError {
    const { what, where } = this.#options;
    const message = `${what}: reading from ${where} broke off at byte ${this.#at}: ${why}`;
    return new FerryError('CONNECTION_LOST', message, { cause });
  }
}

function lengthOf(response: IncomingMessage): number | undefined {
  const header = response.headers['content-length'];
  return header === undefined ? undefined : Number(header);
}
