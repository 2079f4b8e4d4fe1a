import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { portTaken } from '../../../lab/claim-port.ts';
import { listeningInodes, portOwner } from '../../../lab/port-owner.ts';
import { choosePorts, firstPort, isFreePort, PORT_NAMES } from '../../../lab/ports.ts';
import { portsOf, SERVER_NAMES } from '../../../lab/servers.ts';

const allFree = async () => true;

describe('choosePorts', () => {
  it('gives every name a port of its own, from the first on', async () => {
    const ports = await choosePorts({}, 20_000, allFree);
    expect(Object.keys(ports)).toEqual([...PORT_NAMES]);
    expect(Object.values(ports)).toEqual(PORT_NAMES.map((_name, index) => 20_000 + index));
  });

  it('skips ports that are taken', async () => {
    const ports = await choosePorts({}, 20_000, async (port) => port % 2 === 1);
    expect(Object.values(ports)).toEqual(PORT_NAMES.map((_name, index) => 20_001 + 2 * index));
  });

  it('keeps remembered ports without asking whether they are free, and gives them to no other name', async () => {
    const remembered = { 'b-metastore': 20_000, 'temporal-ui': 20_001 };
    const ports = await choosePorts(remembered, 20_000, async (port) => port > 20_001);
    expect(ports).toMatchObject(remembered);
    expect(new Set(Object.values(ports)).size).toBe(PORT_NAMES.length);
  });

  it('goes on at the beginning after the highest port', async () => {
    const ports = await choosePorts({}, 31_999, allFree);
    expect(ports['a-namenode-rpc']).toBe(31_999);
    expect(ports['a-namenode-http']).toBe(15_000);
  });

  it('fails when nothing is free', async () => {
    await expect(choosePorts({}, 20_000, async () => false)).rejects.toThrow('no free port');
  });
});

describe('firstPort', () => {
  it.each(['/a', '/b', '/home/x/hive-ferry/.lab', ''])(
    'lies below the ports of outgoing connections for %j',
    (folder) => {
      expect(firstPort(folder)).toBeGreaterThanOrEqual(15_000);
      expect(firstPort(folder) + PORT_NAMES.length).toBeLessThan(32_768);
    },
  );

  it('keeps two labs apart', () => expect(firstPort('/one/.lab')).not.toBe(firstPort('/two/.lab')));
});

it('every port belongs to exactly one server', () => {
  expect(SERVER_NAMES.flatMap(portsOf).sort()).toEqual([...PORT_NAMES].sort());
});

describe('who has a port', () => {
  const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:4E84 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 34567 1 0000000000000000 100
   1: 0100007F:4E84 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0        0 34999 1 0000000000000000 20
   2: 0100007F:14E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11111 1 0000000000000000 100`;

  it.each([
    [20_100, ['34567']],
    [5352, ['11111']],
    [20_101, []],
  ])('listeningInodes: only sockets that listen on %d', (port, inodes) => {
    expect(listeningInodes(TABLE, port)).toEqual(inodes);
  });

  it('a real server: its port is taken, and this process has it', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    try {
      expect(await isFreePort(port)).toBe(false);
      if (process.platform === 'linux') expect(portOwner(port)).toMatchObject({ pid: process.pid });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect(await isFreePort(port)).toBe(true);
  });

  it('the message names the port, its server and who has it', () => {
    const message = portTaken('b-metastore', 20_112, { pid: 7, command: 'python3 -m http.server' });
    expect(message).toBe("Port 20112, the lab's b metastore, is taken by process 7 (python3 -m http.server).");
    expect(portTaken('temporal-ui', 1, 'unknown')).toContain('another process');
  });
});
