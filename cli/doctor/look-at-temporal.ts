import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import type { ResolvedConfig } from '../../config/resolved.ts';
import { type TemporalTls, temporalConnection } from '../../config/temporal-connection.ts';
import { connectTemporal, hasPollers, type TemporalClient, temporalError } from '../temporal-client.ts';
import { ask } from './ask.ts';
import type { Said, TemporalFindings } from './findings.ts';
import { tlsObjection } from './tls-handshake.ts';

/** gRPC's status code of what is not there. */
const NOT_FOUND = 5;

/** Asks the Temporal server of the config everything; starts nothing. */
export async function lookAtTemporal(config: ResolvedConfig, signal: AbortSignal): Promise<TemporalFindings> {
  const at = await ask(async () => {
    const { connectionOptions, namespace } = temporalConnection(config);
    const { address, tls, apiKey } = connectionOptions;
    return {
      address,
      namespace,
      credentials: { ...(tls === undefined ? {} : { tls }), ...(apiKey === undefined ? {} : { apiKey }) },
    };
  }, signal);
  if (!at.ok) return { address: '', namespace: '', credentials: at, connected: at, queues: [] };
  const { address, namespace, credentials } = at.value;
  const found = { address, namespace, credentials: { ok: true, value: credentials } } as const;
  const connection = await ask(() => connectTemporal(config), signal);
  if (!connection.ok) {
    const connected = await withObjection(connection, address, credentials.tls, signal);
    return { ...found, connected, queues: [] };
  }
  const temporal = connection.value;
  try {
    const connected = await ask(async () => {
      const { serverVersion } = await told(temporal.client.workflowService.getSystemInfo({}), 'Its version', temporal);
      return serverVersion ?? '';
    }, signal);
    const namespaceKnown = await ask(() => knowsNamespace(temporal), signal);
    if (!namespaceKnown.ok || !namespaceKnown.value) return { ...found, connected, namespaceKnown, queues: [] };
    const { taskQueue, copyQueue } = config.temporal;
    const names = [...new Set([taskQueue, copyQueue ?? taskQueue])];
    const queues = names.map(async (name) => ({
      name,
      polled: await ask(() => told(hasPollers(temporal, name, Date.now()), `Task queue ${name}`, temporal), signal),
    }));
    return { ...found, connected, namespaceKnown, queues: await Promise.all(queues) };
  } finally {
    await temporal.close();
  }
}

async function withObjection(
  { ok, failed }: Extract<Said<unknown>, { readonly ok: false }>,
  address: string,
  tls: TemporalTls,
  signal: AbortSignal,
): Promise<Said<string>> {
  if (failed.code !== 'UNREACHABLE') return { ok, failed };
  const objection = await tlsObjection(address, tls, signal);
  return {
    ok,
    failed: objection === undefined ? failed : { ...failed, message: `${failed.message} TLS: ${objection}.` },
  };
}

async function knowsNamespace(temporal: TemporalClient): Promise<boolean> {
  const { client, namespace } = temporal;
  try {
    await client.workflowService.describeNamespace({ namespace });
    return true;
  } catch (error) {
    const cause = error instanceof ServiceError ? error.cause : error;
    if (isGrpcServiceError(cause) && cause.code === NOT_FOUND) return false;
    throw temporalError(error, 'The namespace could not be asked for', temporal);
  }
}

async function told<T>(call: Promise<T>, what: string, temporal: TemporalClient): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw temporalError(error, what, temporal);
  }
}
