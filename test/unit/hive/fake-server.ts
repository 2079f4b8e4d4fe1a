import { createRequire } from 'node:module';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { thrift as hive } from 'hive-driver';
import service from '../../../hive/metastore/gen/ThriftHiveMetastore.js';

type Handler = Readonly<Record<string, (...args: never[]) => unknown>>;
type Protocol = Readonly<Record<string, (...args: unknown[]) => void>>;
type Service = { Processor: new (handler: Handler) => Record<string, unknown>; Client: { prototype: Handler } };
type ThriftModule = {
  createServer(processor: { Processor: unknown }, handler: Handler, options: { transport: unknown }): Server;
  TBufferedTransport: unknown;
  TFramedTransport: unknown;
  Thrift: { TApplicationException: new (type: number, message: string) => Error & { write(output: Protocol): void } };
};

const thrift = createRequire(join(process.cwd(), 'package.json'))('thrift') as ThriftModule;

export type FakeServer = {
  readonly port: number;
  readonly uri: string;
  /** Connections taken so far. */
  readonly taken: () => number;
  /** Ends every connection from the server's side. */
  hangUp(): void;
  close(): Promise<void>;
};

/** A TCP server that does with a connection what it is told to. */
export async function fakeServer(onConnection: (socket: Socket) => void): Promise<FakeServer> {
  return listening(createServer(onConnection));
}

/** A real Thrift server of the metastore's interface; methods that have no handler are unknown to it. */
export function fakeMetastore(handler: Handler): Promise<FakeServer> {
  return fakeThrift(service as unknown as Service, handler);
}

/** The same of HiveServer2's interface, without authentication. */
export function fakeHiveServer2(handler: Handler): Promise<FakeServer> {
  return fakeThrift(hive.TCLIService as Service, handler);
}

/** The same behind a SASL PLAIN login: `accept` is given what the client sent ('user\0user\0password'). */
export async function fakePlainHiveServer2(handler: Handler, accept: (login: string) => boolean): Promise<FakeServer> {
  const behind = await fakeThrift(hive.TCLIService as Service, handler, thrift.TFramedTransport);
  const server = await fakeServer((socket) => {
    let seen = Buffer.alloc(0);
    const read = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      // Two frames of status, length and payload: the mechanism, and the login.
      const first = seen.length < 5 ? undefined : 5 + seen.readUInt32BE(1);
      if (first === undefined || seen.length < first + 5 || seen.length < first + 5 + seen.readUInt32BE(first + 1))
        return;
      socket.off('data', read);
      if (seen.toString('latin1', 5, first) !== 'PLAIN' || !accept(seen.toString('utf8', first + 5))) {
        const words = Buffer.from('Error validating the login');
        socket.write(Buffer.concat([Buffer.from([3, 0, 0, 0, words.length]), words]));
        return;
      }
      const far = connect(behind.port, '127.0.0.1');
      far.on('error', () => {}).on('close', () => socket.destroy());
      socket.on('close', () => far.destroy());
      socket.write(Buffer.from([5, 0, 0, 0, 0]));
      socket.pipe(far).pipe(socket);
    };
    socket.on('data', read);
  });
  return { ...server, close: async () => void (await Promise.all([server.close(), behind.close()])) };
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = await fakeServer(() => {});
  await server.close();
  return server.port;
}

async function fakeThrift(
  { Processor, Client }: Service,
  handler: Handler,
  transport: unknown = thrift.TBufferedTransport,
): Promise<FakeServer> {
  const methods = Object.getOwnPropertyNames(Client.prototype).filter((name) => `recv_${name}` in Client.prototype);
  class Partial extends Processor {
    constructor(all: Handler) {
      super(all);
      for (const name of methods.filter((one) => !(one in all))) this[`process_${name}`] = unknownMethod(name);
    }
  }
  // The generated processor tells handlers that answer by promise from those with a callback by their number of arguments.
  const whole = Object.entries(handler).map(([name, run]) => {
    const answer = (...args: never[]): unknown => run(...args);
    const length = Client.prototype[name]?.length ?? 0;
    return [
      name,
      Object.defineProperty(answer, 'length', { value: Client === hive.TCLIService.Client ? 1 : length }),
    ] as const;
  });
  return listening(thrift.createServer({ Processor: Partial }, Object.fromEntries(whole), { transport }));
}

/** As a Java server answers; thrift's own writes no type. */
function unknownMethod(name: string): (seqid: number, input: Protocol, output: Protocol) => void {
  return (seqid, input, output) => {
    input.skip?.(12);
    const error = Object.assign(new thrift.Thrift.TApplicationException(1, `Invalid method name: '${name}'`), {
      code: 1,
    });
    output.writeMessageBegin?.(name, 3, seqid);
    error.write(output);
    output.writeMessageEnd?.();
    output.flush?.();
  };
}

async function listening(server: Server): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  let taken = 0;
  // thrift's server hands on what its connections meet with.
  server.on('error', () => {});
  server.on('connection', (socket) => {
    taken += 1;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    uri: `thrift://127.0.0.1:${port}`,
    taken: () => taken,
    hangUp,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        hangUp();
      }),
  };
}
