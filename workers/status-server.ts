import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostAndPort } from '../config/host-and-port.ts';
import type { Health } from './health.ts';

export type StatusServer = {
  /** 'host:port' it answers at. */
  readonly address: string;
  close(): Promise<void>;
};

export type StatusServerOptions = {
  /** 'host:port'; port 0 takes a free one. */
  readonly listen: string;
  readonly health: () => Health;
  /** 'host:port' of the SDK's own exporter, which binds a port of its own and tells no health. */
  readonly exporter: string;
};

/**
 * Answers GET /healthz (200 while the worker takes work, else 503, both with the Health as JSON) and GET /metrics
 * (Prometheus) at one address. Rejects when that address is taken.
 */
export async function startStatusServer({ listen, health, exporter }: StatusServerOptions): Promise<StatusServer> {
  const server = createServer((asked, answer) => {
    // Not through URL, which throws at what some scanners ask for ('//').
    const [pathname] = (asked.url ?? '/').split('?', 1);
    if (asked.method !== 'GET' && asked.method !== 'HEAD') return tell(answer, 405, { error: 'only GET' });
    if (pathname === '/healthz') return tellHealth(answer, health());
    if (pathname === '/metrics') return passOn(asked, answer, exporter);
    return tell(answer, 404, { error: 'there are /healthz and /metrics' });
  });
  const { host, port } = hostAndPort(listen);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  // Whatever asks for the health of a worker does not keep it.
  server.unref();
  const { port: bound } = server.address() as AddressInfo;
  return {
    address: `${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function tellHealth(answer: ServerResponse, health: Health): void {
  tell(answer, health.status === 'running' ? 200 : 503, health);
}

function tell(answer: ServerResponse, status: number, body: object): void {
  answer.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  answer.end(`${JSON.stringify(body)}\n`);
}

function passOn(asked: IncomingMessage, answer: ServerResponse, exporter: string): void {
  const { host, port } = hostAndPort(exporter);
  const { accept = '*/*' } = asked.headers;
  const passed = request({ host, port, path: '/metrics', headers: { accept } }, (metrics) => {
    answer.writeHead(metrics.statusCode ?? 502, { 'content-type': metrics.headers['content-type'] ?? 'text/plain' });
    metrics.pipe(answer);
  });
  passed.once('error', (error) => {
    if (answer.headersSent) answer.destroy(error);
    else tell(answer, 503, { error: `the metrics have ended: ${error.message}` });
  });
  passed.end();
}
