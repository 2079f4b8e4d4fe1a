import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { FerryError, isFerryError } from '../../errors/ferry-error.ts';
import type { CallOptions, CreateOptions, OpenOptions } from '../file-system.ts';
import { type Answer, isSaid } from './answer.ts';
import { get, put } from './datanode.ts';
import type { Deadlines } from './deadlines.ts';
import { type Exchange, whereOf, wholeAnswer } from './exchange.ts';
import type { Namenode, Operation, Redirect } from './namenode.ts';
import { backOffBefore, isPassing, isProvenUndone, type Patience } from './patience.ts';
import { pause } from './pause.ts';
import { readCapacity } from './quota-usage.ts';
import { ResumableRead } from './resumable-read.ts';

/** The namenode's words when it can name none (NamenodeWebHdfsMethods.redirectURI). */
const NO_DATANODE = /^Failed to find datanode/;

/** A response whose body is yet to be read, and the URL that gave it. */
type Served = { readonly response: IncomingMessage; readonly url: string };

/** What datanodes do, each call in two halves: the namenode names a datanode, the datanode moves the bytes. */
export class FileBytes {
  readonly #namenode: Namenode;
  readonly #deadlines: Deadlines;
  readonly #patience: Patience;

  constructor(namenode: Namenode, deadlines: Deadlines, patience: Patience) {
    this.#namenode = namenode;
    this.#deadlines = deadlines;
    this.#patience = patience;
  }

  async open(path: string, options: OpenOptions): Promise<Readable> {
    const { offset = 0, length, signal } = options;
    const what = this.#namenode.nameOf({ method: 'GET', op: 'OPEN', path });
    const source = async (at: number, count: number | undefined) => this.#openAt(path, at, count, options);
    try {
      const { response, url } = await source(offset, length);
      const reopen = async (at: number, count: number | undefined) => (await source(at, count)).response;
      const { idle } = this.#deadlines;
      return new ResumableRead(response, reopen, { what, where: whereOf(url), signal, offset, length, idle });
    } catch (error) {
      // The namenode refuses to name a datanode for an offset at or behind the end: there is nothing to read.
      if (isSaid(error, /^Offset=\d+ out of the range/)) return Readable.from([]);
      throw error;
    }
  }

  async create(path: string, body: () => AsyncIterable<Uint8Array>, options: CreateOptions): Promise<void> {
    const { blockSize, permission } = options;
    const parameters = {
      overwrite: 'false',
      createparent: 'false',
      ...(blockSize === undefined ? {} : { blocksize: String(blockSize) }),
      ...(permission === undefined ? {} : { permission }),
    };
    const operation: Operation = { method: 'PUT', op: 'CREATE', path, parameters };
    const exchange = this.#exchange(operation, options, this.#deadlines.idle);
    let asked = false;
    const once = () => {
      asked = true;
      return body();
    };
    const send = async (redirect: Redirect) => {
      if ('location' in redirect) return put(redirect.location, once, exchange);
      redirect.response.destroy();
      throw new FerryError('BAD_ANSWER', `${exchange.what}: ${redirect.url} answered without asking for the bytes`);
    };
    try {
      await this.#atDatanode(operation, options, send, (error) => !asked && isProvenUndone(error));
    } catch (error) {
      throw await this.#withoutRoom(error, options);
    }
  }

  /** NO_SPACE for a new file that the namenode finds no datanode for although some are alive; its words are the same when none is. */
  async #withoutRoom(error: unknown, { signal }: CallOptions): Promise<unknown> {
    if (!isSaid(error, NO_DATANODE)) return error;
    const capacity = await readCapacity(this.#namenode, { signal });
    return capacity === 0 ? error : new FerryError('NO_SPACE', error.message, { details: error.details, cause: error });
  }

  /** The datanode's answer to GETFILECHECKSUM. */
  async checksum(path: string, options: CallOptions): Promise<Answer> {
    const operation: Operation = { method: 'GET', op: 'GETFILECHECKSUM', path };
    const exchange = this.#exchange(operation, options, this.#deadlines.checksum);
    const ask = async (redirect: Redirect) => {
      const { response, url } = await serve(redirect, exchange);
      return wholeAnswer(response, url, exchange);
    };
    return this.#atDatanode(operation, options, ask, isPassing);
  }

  async #openAt(path: string, at: number, count: number | undefined, options: CallOptions): Promise<Served> {
    const parameters = { offset: String(at), ...(count === undefined ? {} : { length: String(count) }) };
    const operation: Operation = { method: 'GET', op: 'OPEN', path, parameters };
    const exchange = this.#exchange(operation, options, this.#deadlines.idle);
    return this.#atDatanode(operation, options, (redirect) => serve(redirect, exchange), isPassing);
  }

  /** Both halves, again while `mayRepeat` says so. */
  async #atDatanode<T>(
    operation: Operation,
    { signal }: CallOptions,
    attempt: (redirect: Redirect) => Promise<T>,
    mayRepeat: (error: unknown) => boolean,
  ): Promise<T> {
    const unreached = new Set<string>();
    for (let tries = 1; ; tries += 1) {
      const redirect = await this.#redirect(operation, unreached, signal);
      try {
        return await attempt(redirect);
      } catch (error) {
        if (tries > this.#patience.repeats || !mayRepeat(error)) throw error;
        const gone = 'location' in redirect && isFerryError(error) && error.code === 'UNREACHABLE';
        if (gone) unreached.add(whereOf(redirect.location));
        await pause(backOffBefore(tries, this.#patience), signal);
      }
    }
  }

  /** The datanode to ask: another one than those that were not reached; where none is left, they get another chance. */
  async #redirect(operation: Operation, unreached: Set<string>, signal: AbortSignal | undefined): Promise<Redirect> {
    if (unreached.size === 0) return this.#namenode.redirect(operation, { signal });
    const parameters = { ...operation.parameters, excludedatanodes: [...unreached].join(',') };
    try {
      return await this.#namenode.redirect({ ...operation, parameters }, { signal });
    } catch (error) {
      if (!isSaid(error, NO_DATANODE)) throw error;
      unreached.clear();
      return this.#namenode.redirect(operation, { signal });
    }
  }

  #exchange(operation: Operation, { signal }: CallOptions, headWithin: number): Exchange {
    return { what: this.#namenode.nameOf(operation), signal, deadlines: this.#deadlines, headWithin };
  }
}

async function serve(redirect: Redirect, exchange: Exchange): Promise<Served> {
  if ('response' in redirect) return redirect;
  return { response: await get(redirect.location, exchange), url: redirect.location };
}
