import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as a namenode or datanode sees it. */
export type Seen = {
  readonly method: string;
  readonly op: string;
  /** Still encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
};

export type Play = (seen: Seen, response: ServerResponse) => void | Promise<void>;

/** A server on the loopback that plays a namenode or a datanode as a test scripts it, and remembers what it was asked. */
export class FakeWebServer {
  readonly seen: Seen[] = [];
  readonly #server: http.Server;

  constructor(play: Play, options: { readonly continues?: boolean } = {}) {
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://fake');
      const method = request.method ?? '';
      const seen: Seen = { method, op: query.get('op') ?? '', path: pathname, query, request };
      this.seen.push(seen);
      void play(seen, response);
    };
    this.#server = http.createServer(answer);
    // Without this a server of Node says "100 Continue" by itself.
    if (options.continues === false) this.#server.on('checkContinue', answer);
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  /** The operations asked for, in order. */
  get ops(): readonly string[] {
    return this.seen.map(({ op }) => op);
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A refusal as Hadoop words it. */
export function remoteException(response: ServerResponse, status: number, exception: string, message: string): void {
  const javaClassName = `org.apache.hadoop.${exception}`;
  json(response, status, { RemoteException: { exception, javaClassName, message } });
}

export function fileStatus(over: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    pathSuffix: '',
    type: 'FILE',
    length: 5,
    modificationTime: 1,
    fileId: 16_387,
    blockSize: 134_217_728,
    replication: 1,
    owner: 'o',
    group: 'g',
    permission: '644',
    ...over,
  };
}

/** An address on which nothing listens. */
export async function closedUrl(): Promise<string> {
  const server = await new FakeWebServer(() => {}).start();
  const { url } = server;
  await server.stop();
  return url;
}

/** All that a stream gives. */
export async function received(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
