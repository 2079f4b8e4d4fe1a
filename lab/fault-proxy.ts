import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { FaultPort } from './fault-port.ts';
import { FaultScript, type Injected, type Turns } from './fault-script.ts';

/** A call of WebHDFS as a proxy sees it; `path` is literal, without /webhdfs/v1. */
export type HttpCall = {
  readonly method: string;
  readonly op: string;
  readonly path: string;
  readonly query: URLSearchParams;
};

/** Calls that a fault is for; what is left out matches all. */
export type HttpMatch = { readonly method?: string; readonly op?: string; readonly path?: RegExp } & Turns;

/** One call under way, for a fault to do with as it likes. */
export type HttpExchange = {
  readonly call: HttpCall;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Asks the server, handing on the caller's body; resolves with the answer, of which nothing was handed on yet. */
  ask(body?: BodyHandler): Promise<IncomingMessage>;
  /** Hands the answer on, head and body. */
  handOn(answer: IncomingMessage, body?: BodyHandler): void;
};

/** Moves a body from one end to the other, or some of it. */
export type BodyHandler = (from: IncomingMessage, to: Writable) => void | Promise<void>;

/** What is done with a call instead of passing it through (http-faults.ts has the usual ones). */
export type HttpFault = (exchange: HttpExchange) => void | Promise<void>;

export type FaultProxyOptions = {
  /** The server behind: 'http://127.0.0.1:9870'. */
  readonly upstream: string;
  /** Where a redirect leads instead of where the server says; so that its second half can be met with faults too. */
  readonly redirect?: (location: string) => string;
};

/**
 * A proxy before one namenode or datanode that passes every call through as it is, unless a fault was put in for it.
 * "100 Continue" is handed on when the server says it, never by the proxy itself; a connection that one side loses, the
 * other loses too.
 */
export class FaultProxy {
  /** Every call so far, in order, faulty or not. */
  readonly calls: HttpCall[] = [];
  readonly port: FaultPort;
  readonly #options: FaultProxyOptions;
  readonly #script = new FaultScript<HttpCall, HttpFault>();

  private constructor(options: FaultProxyOptions) {
    this.#options = options;
    const serve = (request: IncomingMessage, response: ServerResponse) => this.#serve(request, response);
    // No limits of the proxy's own on how long a call or an idle connection may take.
    const server = http.createServer({ requestTimeout: 0, keepAliveTimeout: 0 }, serve);
    server.on('checkContinue', serve);
    this.port = new FaultPort(server);
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    await proxy.port.open();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port.port}`;
  }

  /** The operations asked for, in order. */
  get ops(): readonly string[] {
    return this.calls.map(({ op }) => op);
  }

  inject({ method, op, path, ...turns }: HttpMatch, fault: HttpFault): Injected {
    const matches = (call: HttpCall) =>
      (method ?? call.method) === call.method && (op ?? call.op) === call.op && (path?.test(call.path) ?? true);
    return this.#script.inject(matches, fault, turns);
  }

  /** Takes every fault out and forgets the calls. */
  reset(): void {
    this.#script.clear();
    this.calls.length = 0;
  }

  async close(): Promise<void> {
    await this.port.refuse();
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const call = callOf(request);
    this.calls.push(call);
    const exchange: HttpExchange = {
      call,
      request,
      response,
      ask: (body) => this.#ask(request, response, body ?? pipe),
      handOn: (answer, body) => this.#handOn(answer, response, body ?? pipe),
    };
    const fault = this.#script.faultFor(call) ?? passThrough;
    Promise.resolve(fault(exchange)).catch(() => response.destroy());
  }

  #ask(request: IncomingMessage, response: ServerResponse, body: BodyHandler): Promise<IncomingMessage> {
    const { host } = new URL(this.#options.upstream);
    const { method, headers } = request;
    return new Promise((resolve, reject) => {
      const onward = http.request(`${this.#options.upstream}${request.url}`, {
        method,
        headers: { ...headers, host },
        agent: false,
      });
      onward.once('continue', () => response.writeContinue());
      onward.once('response', resolve);
      onward.on('error', reject);
      response.once('close', () => onward.destroy());
      Promise.resolve(body(request, onward)).catch(reject);
    });
  }

  #handOn(answer: IncomingMessage, response: ServerResponse, body: BodyHandler): void {
    const { location } = answer.headers;
    const { redirect } = this.#options;
    const headers = { ...answer.headers, ...(location && redirect ? { location: redirect(location) } : {}) };
    response.writeHead(answer.statusCode ?? 0, headers).flushHeaders();
    // Of an answer that breaks off, its reader is to learn so.
    answer.once('close', () => {
      if (!answer.complete) response.destroy();
    });
    Promise.resolve(body(answer, response)).catch(() => response.destroy());
  }
}

const pipe: BodyHandler = (from, to) => void from.pipe(to);

const passThrough: HttpFault = async ({ ask, handOn }) => handOn(await ask());

function callOf(request: IncomingMessage): HttpCall {
  const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://proxy');
  const path = decodeURIComponent(pathname.replace(/^\/webhdfs\/v1/, ''));
  return { method: request.method ?? '', op: (query.get('op') ?? '').toUpperCase(), path, query };
}
