import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hostAndPort } from '../../../config/host-and-port.ts';
import type { Health } from '../../../workers/health.ts';
import { type StatusServer, startStatusServer } from '../../../workers/status-server.ts';

let exporter: Server;
let status: Health['status'];
let server: StatusServer;
const health = (): Health => ({ status, workers: [] });

beforeEach(async () => {
  status = 'running';
  exporter = createServer(({ url, headers }, answer) => {
    answer.writeHead(url === '/metrics' ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4' });
    answer.end(`asked_for{accept="${headers.accept}"} 1\n`);
  });
  await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
  const { port } = exporter.address() as AddressInfo;
  server = await startStatusServer({ listen: '127.0.0.1:0', health, exporter: `127.0.0.1:${port}` });
});

afterEach(async () => {
  await server.close();
  exporter.close();
});

const ask = (path: string, init: RequestInit = {}) => fetch(`http://${server.address}${path}`, init);

describe('the status of a worker over HTTP', () => {
  it.each<[Health['status'], number]>([
    ['starting', 503],
    ['running', 200],
    ['draining', 503],
    ['stopped', 503],
    ['failed', 503],
  ])('/healthz of one that is %s: %d', async (now, code) => {
    status = now;
    const answer = await ask('/healthz');
    expect([answer.status, answer.headers.get('content-type'), await answer.json()]).toEqual([
      code,
      'application/json',
      { status: now, workers: [] },
    ]);
    expect((await ask('/healthz', { method: 'HEAD' })).status).toBe(code);
  });

  it('/metrics is what the exporter answers, in the format that was asked for', async () => {
    const answer = await ask('/metrics', { headers: { accept: 'application/openmetrics-text' } });
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/plain; version=0.0.4',
      'asked_for{accept="application/openmetrics-text"} 1\n',
    ]);
  });

  it('/metrics fails, and nothing else, when the exporter has gone', async () => {
    exporter.closeAllConnections();
    await new Promise((resolve) => exporter.close(resolve));
    expect((await ask('/metrics')).status).toBe(503);
    expect((await ask('/healthz')).status).toBe(200);
  });

  it.each([
    ['GET', '/', 404],
    ['GET', '/metrics/x', 404],
    ['POST', '/healthz', 405],
    ['GET', '/healthz?full=1', 200],
  ])('%s %s: %d', async (method, path, code) => {
    expect((await ask(path, { method })).status).toBe(code);
  });

  it('answers a path that is no URL, and goes on', async () => {
    const { host, port } = hostAndPort(server.address);
    const status = await new Promise((resolve, reject) => {
      request({ host, port, path: '//' }, ({ statusCode }) => resolve(statusCode))
        .once('error', reject)
        .end();
    });
    expect(status).toBe(404);
    expect((await ask('/healthz')).status).toBe(200);
  });

  it('does not start at an address that is taken', async () => {
    const listen = server.address;
    await expect(startStatusServer({ listen, health, exporter: listen })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

it.each([
  ['127.0.0.1:9464', '127.0.0.1', 9464],
  ['worker.example.com:0', 'worker.example.com', 0],
  ['[::1]:9464', '::1', 9464],
])('hostAndPort: %s', (address, host, port) => {
  expect(hostAndPort(address)).toEqual({ host, port });
});
