import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** How often a namenode was asked for each WebHDFS operation. */
export type Calls = Readonly<Record<string, number>>;

/**
 * Counts what this process really sends to each of these namenodes while `work` runs, repeated calls among them, by
 * Node's own record of outgoing requests (https://nodejs.org/api/diagnostics_channel.html#http).
 */
export async function countCalls<T>(
  namenodes: Readonly<Record<'a' | 'b', string>>,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly calls: Readonly<Record<'a' | 'b', Calls>> }> {
  const calls: Record<'a' | 'b', Record<string, number>> = { a: {}, b: {} };
  const hosts = new Map([
    [new URL(namenodes.a).host, calls.a],
    [new URL(namenodes.b).host, calls.b],
  ]);
  const count = (message: unknown) => {
    const { request } = message as { readonly request: ClientRequest };
    const counted = hosts.get(String(request.getHeader('host')));
    const op = new URL(request.path, 'http://namenode').searchParams.get('op');
    if (counted !== undefined && op !== null) counted[op] = (counted[op] ?? 0) + 1;
  };
  subscribe('http.client.request.start', count);
  try {
    return { result: await work(), calls };
  } finally {
    unsubscribe('http.client.request.start', count);
  }
}
