import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { thrift as hive } from 'hive-driver';
import service from '../../../hive/metastore/gen/ThriftHiveMetastore.js';

type Handler = Readonly<Record<string, (...args: never[]) => unknown>>;
type Protocol = Readonly<Record<string, (...args: unknown[]) => void>>;
type Service = { Processor: new (handler: Handler) => Record<string, unknown>; Client: { prototype: Handler } };
type ThriftModule = {
  createServer(processor: { Processor: unknown }, handler: Handler): Server;
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

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = await fakeServer(() => {});
  await server.close();
  return server.port;
}

async function fakeThrift({ Processor, Client }: Service, handler: Handler): Promise<FakeServer> {
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
  return listening(thrift.createServer({ Processor: Partial }, Object.fromEntries(whole)));
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
