import { createHash } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';

/** Every port of the lab, by the server that listens on it. */
export const PORT_NAMES = [
  'a-namenode-rpc',
  'a-namenode-http',
  'a-datanode-transfer',
  'a-datanode-http',
  'a-datanode-ipc',
  'a-metastore',
  'a-hiveserver2',
  'b-namenode-rpc',
  'b-namenode-http',
  'b-datanode-transfer',
  'b-datanode-http',
  'b-datanode-ipc',
  'b-metastore',
  'b-hiveserver2',
  'temporal-grpc',
  'temporal-ui',
] as const;
export type PortName = (typeof PORT_NAMES)[number];
export type Ports = Readonly<Record<PortName, number>>;

/** Below the ports that systems lend to outgoing connections (Linux: from 32768), which would take a stopped server's port. */
const LOWEST = 15_000;
const HIGHEST = 31_999;

/** Where the search for free ports begins: different folders begin at different places, so that two labs stay apart. */
export function firstPort(folder: string): number {
  const blocks = Math.floor((HIGHEST - LOWEST) / 50);
  return LOWEST + 50 * (createHash('sha256').update(folder).digest().readUInt32BE(0) % blocks);
}

/** Gives every name a port: the remembered one, else the next free one from `first` on that no name has yet. */
export async function choosePorts(
  remembered: Partial<Ports>,
  first: number,
  isFree: (port: number) => Promise<boolean>,
): Promise<Ports> {
  const chosen: Partial<Record<PortName, number>> = {};
  const used = new Set(Object.values(remembered));
  let next = first;
  for (const name of PORT_NAMES) {
    chosen[name] = remembered[name] ?? (await nextFree());
  }
  return chosen as Ports;

  async function nextFree(): Promise<number> {
    for (let tried = 0; tried <= HIGHEST - LOWEST; tried += 1) {
      const port = next;
      next = next === HIGHEST ? LOWEST : next + 1;
      if (used.has(port) || !(await isFree(port))) continue;
      used.add(port);
      return port;
    }
    throw new Error(`no free port between ${LOWEST} and ${HIGHEST}`);
  }
}

/** A port that nobody listens on now, lent by the system: for a server that is not of the lab and ends soon. */
export function borrowPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** True when a server could listen on this port of the loopback interface now. */
export function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
