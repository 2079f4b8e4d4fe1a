import { connect, createServer, type Socket } from 'node:net';
import { FaultPort } from './fault-port.ts';
import { FaultScript, type Injected, type Turns } from './fault-script.ts';

/** Calls that a fault is for; without a method, all. */
export type ThriftMatch = { readonly method?: string } & Turns;

/** One call under way, for a fault to do with as it likes. */
export type ThriftExchange = {
  readonly method: string;
  /** Ends both connections. */
  hangUp(): void;
  /** Sends the request to the server; resolves with the first bytes of its answer, which are not handed on. */
  ask(): Promise<Buffer>;
  /** Hands bytes on to the client. What the server sends later follows by itself. */
  handOn(bytes: Buffer): void;
  /** Ends the connection to the server, and opens another in its place once the server has seen that; the client's stays. */
  reroute(): Promise<void>;
};

export type ThriftFault = (exchange: ThriftExchange) => void | Promise<void>;

/** Ends the connection before the server is asked. */
export const hangUp: ThriftFault = (exchange) => exchange.hangUp();

/** Takes the request and never answers; the server is not asked. */
export const blackHole: ThriftFault = () => {};

/** Lets the server do it, and ends the connection when its answer arrives. */
export const loseAnswer: ThriftFault = async ({ ask, hangUp }) => {
  await ask();
  hangUp();
};

/** Hands on so many bytes of the answer and ends the connection. */
export function cutAnswerAfter(bytes: number): ThriftFault {
  return async ({ ask, handOn, hangUp }) => {
    handOn((await ask()).subarray(0, bytes));
    hangUp();
  };
}

/** Asks over a new connection, as a load balancer may that has given up the old one: the server knows no session of it. */
export const reroute: ThriftFault = async (exchange) => {
  await exchange.reroute();
  exchange.handOn(await exchange.ask());
};

/** The server behind: an address that a proxy connects to. */
export type Upstream = { readonly host: string; readonly port: number };

/**
 * A proxy before a metastore or a HiveServer2 that passes every call through as it is, unless a fault was put in for it.
 * It reads no more of Thrift than the name of the method (TBinaryProtocol, unframed). Neither client sends a call before
 * the last one of its connection is answered, so that what it sends after an answer begins a new one.
 */
export class ThriftFaultProxy {
  /** The methods called so far, in order. */
  readonly calls: string[] = [];
  readonly port: FaultPort;
  readonly #script = new FaultScript<string, ThriftFault>();

  private constructor(upstream: Upstream) {
    const faultFor = (method: string) => {
      this.calls.push(method);
      return this.#script.faultFor(method);
    };
    this.port = new FaultPort(createServer((near) => new Link(near, upstream, faultFor)));
  }

  static async start(upstream: Upstream): Promise<ThriftFaultProxy> {
    const proxy = new ThriftFaultProxy(upstream);
    await proxy.port.open();
    return proxy;
  }

  inject({ method, ...turns }: ThriftMatch, fault: ThriftFault): Injected {
    return this.#script.inject((called) => (method ?? called) === called, fault, turns);
  }

  /** Takes every fault out and forgets the calls. */
  reset(): void {
    this.#script.clear();
    this.calls.length = 0;
  }

  async close(): Promise<void> {
    await this.port.refuse();
  }
}

/** One client's connection and the server's that belongs to it. */
class Link {
  readonly #near: Socket;
  readonly #upstream: Upstream;
  readonly #faultFor: (method: string) => ThriftFault | undefined;
  #far: Socket;
  /** True when all that was asked is answered: what the client sends next begins a call. */
  #idle = true;
  #answered: ((first: Buffer) => void) | undefined;

  constructor(near: Socket, upstream: Upstream, faultFor: (method: string) => ThriftFault | undefined) {
    this.#near = near;
    this.#upstream = upstream;
    this.#faultFor = faultFor;
    this.#far = this.#connect();
    near.on('data', (chunk: Buffer) => this.#fromClient(chunk));
    near.once('close', () => this.#far.destroy());
  }

  #connect(): Socket {
    const far = connect(this.#upstream);
    far.on('error', () => {}).on('data', (chunk: Buffer) => this.#fromServer(chunk));
    far.once('close', () => {
      if (far === this.#far) this.#near.destroySoon();
    });
    return far;
  }

  #fromClient(chunk: Buffer): void {
    if (!this.#idle) {
      this.#far.write(chunk);
      return;
    }
    this.#idle = false;
    const method = methodOf(chunk);
    const fault = this.#faultFor(method);
    if (fault === undefined) {
      this.#far.write(chunk);
      return;
    }
    // What is left of a long request waits until the fault asks the server.
    this.#near.pause();
    Promise.resolve(fault(this.#exchange(method, chunk))).catch(() => this.#near.destroy());
  }

  #fromServer(chunk: Buffer): void {
    this.#idle = true;
    const answered = this.#answered;
    this.#answered = undefined;
    if (answered === undefined) this.#near.write(chunk);
    else answered(chunk);
  }

  #exchange(method: string, request: Buffer): ThriftExchange {
    return {
      method,
      hangUp: () => this.#near.destroySoon(),
      ask: () => {
        this.#far.write(request);
        this.#near.resume();
        return new Promise((resolve) => {
          this.#answered = resolve;
        });
      },
      handOn: (bytes) => void this.#near.write(bytes),
      reroute: async () => {
        const before = this.#far;
        this.#far = this.#connect();
        // The server hangs up too when it has put away what belonged to the connection.
        before.end();
        await new Promise((resolve) => before.once('close', resolve));
      },
    };
  }
}

/** The name in the head of a strict binary message: version and type, length, name. */
function methodOf(request: Buffer): string {
  const named = request.length >= 8 && request.readUInt16BE(0) === 0x8001;
  return named ? request.toString('utf8', 8, 8 + request.readUInt32BE(4)) : '';
}
