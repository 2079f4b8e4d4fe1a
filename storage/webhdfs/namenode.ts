import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { FerryError, isFerryError } from '../../errors/ferry-error.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions } from '../file-system.ts';
import { type Answer, badAnswer, refusalOf } from './answer.ts';
import type { Authentication } from './authentication.ts';
import type { Deadlines } from './deadlines.ts';
import { type Exchange, exchange, wholeAnswer } from './exchange.ts';
import { NamespaceClient } from './namespace-client.ts';
import { backOffBefore, isPassing, isProvenUndone, type Patience } from './patience.ts';
import { pause } from './pause.ts';
import { parseBase } from './url.ts';

/** Query parameters, literal. */
export type Parameters = Readonly<Record<string, string>>;

/** An operation on one path. `changes`: sent once; only a proof that nothing was done lets it be sent again. */
export type Operation = {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly op: string;
  readonly path: string;
  readonly parameters?: Parameters;
  readonly changes?: boolean;
};

/** Where the bytes are: at the datanode the namenode named, or, from a gateway that streams itself, in this very response. */
export type Redirect = { readonly location: string } | { readonly response: IncomingMessage; readonly url: string };

export type NamenodeOptions = {
  readonly cluster: string;
  /** One URL a namenode. */
  readonly urls: readonly string[];
  readonly authentication: Authentication;
  readonly deadlines: Deadlines;
  readonly patience: Patience;
  /** Of calls, each attempt one; left out: no limit. */
  readonly calls?: Budget | undefined;
};

/** Below the idle limits of namenodes and proxies, so that a call is never sent on a connection that is being closed. */
const IDLE_CONNECTION = 4_000;
const CONNECTIONS = 64;

/**
 * The namenodes of one cluster as one. Asks the one that answered last; goes round the others while the asked one
 * cannot be reached, is on standby, or says to come again. Throws what the last one said when patience ends.
 */
export class Namenode {
  readonly #cluster: string;
  readonly #clients: readonly NamespaceClient[];
  readonly #agents: readonly http.Agent[];
  readonly #authentication: Authentication;
  readonly #deadlines: Deadlines;
  readonly #patience: Patience;
  readonly #calls: Budget | undefined;
  #active = 0;

  constructor(options: NamenodeOptions) {
    const { cluster, urls, authentication, deadlines, patience, calls } = options;
    if (urls.length === 0) throw new FerryError('CONFIG_INVALID', `cluster ${cluster} names no namenode`);
    this.#cluster = cluster;
    this.#authentication = authentication;
    this.#deadlines = deadlines;
    this.#patience = patience;
    this.#calls = calls;
    const bases = urls.map(parseBase);
    const settings = { keepAlive: true, maxSockets: CONNECTIONS, timeout: IDLE_CONNECTION };
    this.#agents = bases.map(({ protocol }) =>
      protocol === 'https' ? new https.Agent(settings) : new http.Agent(settings),
    );
    this.#clients = bases.map((base, i) => new NamespaceClient(base, this.#agents[i] as http.Agent, deadlines));
  }

  /** The call by name, for messages: 'MKDIRS /a on b'. */
  nameOf(operation: Operation): string {
    return `${operation.op} ${operation.path} on ${this.#cluster}`;
  }

  /** Resolves with a 200 or 201; every other answer throws (answer.ts). */
  async call(operation: Operation, options: CallOptions = {}): Promise<Answer> {
    const what = this.nameOf(operation);
    const call = { what, signal: options.signal, milliseconds: this.#deadlines.call };
    return this.#ask(operation, options, async (client, url, headers) => {
      const answer = await client.send(operation.method, url, headers, call);
      if (answer.status === 200 || answer.status === 201) return answer;
      throw refusalOf(answer, what);
    });
  }

  /**
   * What each namenode refuses an operation with, in their order; undefined: it does not refuse it. Each is asked once,
   * and given as long as a connection may take: for a small question that those who answer can answer for the others.
   */
  refusals(operation: Operation, options: CallOptions = {}): Promise<readonly (FerryError | undefined)[]> {
    const { signal } = options;
    const what = this.nameOf(operation);
    return Promise.all(
      this.#clients.map(async (client) => {
        await this.#calls?.take(1, signal);
        const { query, headers } = await this.#authentication.credentials();
        const url = client.endpoint(operation.op, operation.path, { ...operation.parameters, ...query });
        const call = { what, signal, milliseconds: this.#deadlines.connect };
        try {
          const answer = await client.send(operation.method, url, headers, call);
          return answer.status === 200 || answer.status === 201 ? undefined : refusalOf(answer, what);
        } catch (error) {
          if (isFerryError(error)) return error;
          throw error;
        }
      }),
    );
  }

  /** The first, empty half of OPEN, CREATE and GETFILECHECKSUM. It changes nothing and is repeated like a read. */
  async redirect(operation: Operation, options: CallOptions = {}): Promise<Redirect> {
    const what = this.nameOf(operation);
    return this.#ask(operation, options, async (client, url, headers, agent) => {
      const { signal } = options;
      const how: Exchange = {
        what,
        signal,
        deadlines: this.#deadlines,
        headWithin: this.#deadlines.call,
        headers,
        agent,
      };
      const response = await exchange(operation.method, url, how);
      if (response.statusCode === 200) return { response, url: client.where };
      const answer = await wholeAnswer(response, url, how);
      const { location } = answer.headers;
      if (location !== undefined && URL.canParse(location)) return { location };
      throw answer.status < 400 ? badAnswer(answer, what) : refusalOf(answer, what);
    });
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }

  async #ask<T>(
    operation: Operation,
    { signal }: CallOptions,
    attempt: (
      client: NamespaceClient,
      url: string,
      headers: Readonly<Record<string, string>>,
      agent: http.Agent,
    ) => Promise<T>,
  ): Promise<T> {
    const failures: Failure[] = [];
    for (;;) {
      signal?.throwIfAborted();
      // Before the call's deadline begins.
      await this.#calls?.take(1, signal);
      const index = this.#active;
      const client = this.#clients[index] as NamespaceClient;
      try {
        const { query, headers } = await this.#authentication.credentials();
        const parameters = { ...operation.parameters, ...query };
        const url = client.endpoint(operation.op, operation.path, parameters);
        return await attempt(client, url, headers, this.#agents[index] as http.Agent);
      } catch (error) {
        if (!isFerryError(error)) throw error;
        failures.push({ client, error });
        // Also when this call ends here: the next one is not to wait for the same silent namenode.
        if (isPassing(error) && this.#active === index) this.#active = (index + 1) % this.#clients.length;
        if (!this.#goesOn(operation, failures)) throw this.#summary(operation, failures);
        const rounds = Math.floor(failures.length / this.#clients.length);
        if (failures.length % this.#clients.length === 0) await pause(backOffBefore(rounds, this.#patience), signal);
      }
    }
  }

  #goesOn(operation: Operation, failures: readonly Failure[]): boolean {
    const last = failures.at(-1)?.error;
    if (failures.length >= this.#patience.rounds * this.#clients.length) return false;
    if (isProvenUndone(last)) return true;
    const lost = failures.filter(({ error }) => !isProvenUndone(error)).length;
    return operation.changes !== true && isPassing(last) && lost <= this.#patience.repeats;
  }

  /** What the last one said, or, when none of several could be used, what each of them said last. */
  #summary(operation: Operation, failures: readonly Failure[]): FerryError {
    const last = failures.at(-1)?.error as FerryError;
    if (!isProvenUndone(last) || this.#clients.length === 1) return last;
    const lasts = this.#clients.flatMap((client) => failures.findLast((failure) => failure.client === client) ?? []);
    const standby = lasts.find(({ error }) => error.code === 'STANDBY');
    const said = lasts.map(({ client, error }) => `[${client.where}] ${error.message}`).join('; ');
    return new FerryError(
      standby?.error.code ?? last.code,
      `${this.nameOf(operation)}: no namenode can be used: ${said}`,
      {
        cause: last,
      },
    );
  }
}

type Failure = { readonly client: NamespaceClient; readonly error: FerryError };
