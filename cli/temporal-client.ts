import { Client, Connection, isGrpcServiceError, ServiceError } from '@temporalio/client';
import { configuredCodec } from '../config/payload-codec.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import { temporalConnection } from '../config/temporal-connection.ts';
import type { Code } from '../errors/codes.ts';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import { isPolled } from '../sync/runs.ts';

export type TemporalClient = {
  readonly client: Client;
  readonly address: string;
  readonly namespace: string;
  close(): Promise<void>;
};

const CONNECT_MS = 5_000;
const [WORKFLOW_TASKS, ACTIVITY_TASKS] = [1, 2] as const;

/** gRPC's status codes of a server that does not let this client in. */
const REFUSALS: Readonly<Record<number, Code>> = { 7: 'PERMISSION_DENIED', 16: 'AUTH_REQUIRED' };

/**
 * Connects to the Temporal server of the config, with its codec. Throws UNREACHABLE, AUTH_REQUIRED or PERMISSION_DENIED,
 * its message naming the address; CONFIG_INVALID.
 */
export async function connectTemporal(config: ResolvedConfig): Promise<TemporalClient> {
  const { connectionOptions, namespace } = temporalConnection(config);
  const { address, tls, apiKey, metadata } = connectionOptions;
  const codec = configuredCodec(config);
  await codec?.ready();
  try {
    const connection = await Connection.connect({
      address,
      connectTimeout: CONNECT_MS,
      ...(tls === undefined ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata: metadata as Record<string, string> }),
    });
    const client = new Client({
      connection,
      namespace,
      ...(codec === undefined ? {} : { dataConverter: { payloadCodecs: [codec] } }),
    });
    return { client, address, namespace, close: () => connection.close() };
  } catch (error) {
    const cause = causeOf(error);
    const refusal = isGrpcServiceError(cause) ? REFUSALS[cause.code] : undefined;
    const says = refusal === undefined ? 'does not answer' : 'does not let ferry in';
    const message = `Temporal at ${address} ${says}: ${temporalMessage(error)}. Nothing was started.`;
    throw new FerryError(refusal ?? 'UNREACHABLE', message, { cause: error });
  }
}

/** Turns what the client throws into a FerryError that says where; `what` begins the message. */
export function temporalError(
  error: unknown,
  what: string,
  { address, namespace }: Pick<TemporalClient, 'address' | 'namespace'>,
): FerryError {
  return new FerryError(
    'UNREACHABLE',
    `${what} (Temporal at ${address}, namespace ${namespace}): ${temporalMessage(error)}`,
    { cause: error },
  );
}

/** True when somebody has lately asked for the tasks of this queue: workflow tasks and, on the same queue, activity tasks. */
export async function hasPollers({ client, namespace }: TemporalClient, queue: string, now: number): Promise<boolean> {
  const fresh = await Promise.all(
    [WORKFLOW_TASKS, ACTIVITY_TASKS].map(async (taskQueueType) => {
      const { pollers } = await client.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: queue },
        taskQueueType,
      });
      return isPolled(pollers, now);
    }),
  );
  return fresh.every(Boolean);
}

/** gRPC hides the server's words in the cause. */
function temporalMessage(error: unknown): string {
  const cause = causeOf(error);
  const words = isGrpcServiceError(cause) ? cause.details || cause.message : messageOf(cause ?? error);
  return words.replace(/\.$/, '');
}

function causeOf(error: unknown): unknown {
  return error instanceof ServiceError ? error.cause : error;
}
