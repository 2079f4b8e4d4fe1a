import { isFerryError } from '../../../errors/ferry-error.ts';
import type { FileSystem } from '../../../storage/file-system.ts';
import { createWebHdfs, type WebHdfsOptions } from '../../../storage/webhdfs/webhdfs-file-system.ts';
import { FakeWebServer, json, type Play, remoteException } from './fake-web-server.ts';

/** Namenodes and datanodes of one test, the adapters that talk to them, and their end. */
export class FakeCluster {
  /** Milliseconds that a datanode may be silent. */
  readonly idle = 150;
  readonly #ends: (() => Promise<void>)[] = [];

  async serve(play: Play, options: { readonly continues?: boolean } = {}): Promise<FakeWebServer> {
    const server = await new FakeWebServer(play, options).start();
    this.#ends.push(() => server.stop());
    return server;
  }

  /** A namenode that sends every OPEN, CREATE and GETFILECHECKSUM to the datanode named for the time it is asked. */
  namenodeOf(...datanodes: readonly string[]): Promise<FakeWebServer> {
    let turn = 0;
    return this.serve(({ request }, response) => {
      const datanode = datanodes[Math.min(turn, datanodes.length - 1)];
      turn += 1;
      response.writeHead(307, { location: `${datanode}${request.url}&namenoderpcaddress=nn:8020` }).end();
    });
  }

  connect(urls: readonly string[], options: Partial<WebHdfsOptions> = {}): FileSystem {
    const deadlines = { connect: 500, call: 500, idle: this.idle, checksum: this.idle, ...options.deadlines };
    const patience = { rounds: 3, repeats: 2, backOff: 1, ...options.patience };
    const files = createWebHdfs({ cluster: 'c', urls, user: 'u', ...options, deadlines, patience });
    this.#ends.unshift(() => files.close());
    return files;
  }

  /** Something else of the test that ends with it. */
  alsoEnds(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) await end();
  }
}

/** Answers the first requests by the given plays, and every later one by the last of them. */
export function inTurn(...plays: readonly Play[]): Play {
  let turn = 0;
  return (seen, response) => {
    const play = plays[Math.min(turn, plays.length - 1)];
    turn += 1;
    return play?.(seen, response);
  };
}

export function refuse(status: number, exception: string, message: string): Play {
  return (_, response) => remoteException(response, status, exception, message);
}

export function page(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Play {
  return (_, response) => void response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
}

export function answer(body: unknown): Play {
  return (_, response) => json(response, 200, body);
}

/** Closes the connection without a word. */
export const cut: Play = (_, response) => void response.socket?.destroy();

/** What a call fails with. */
export async function failure(call: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error: unknown = await call.then(
    () => 'resolved',
    (reason) => reason,
  );
  if (!isFerryError(error)) throw new Error(`no FerryError: ${String(error)}`);
  return { code: error.code, message: error.message };
}
