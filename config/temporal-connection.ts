import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import type { ResolvedConfig } from './resolved.ts';

export type TemporalConnection = {
  /** For Connection.connect of the client and NativeConnection.connect of the worker alike. */
  readonly connectionOptions: ClientConnectConfig['connectionOptions'] & { readonly address: string };
  readonly namespace: string;
};

/**
 * Where Temporal is and how to get in: address and namespace of temporal.config.ts where it gives them, everything else
 * (API key, TLS, headers, and what is left out) from TEMPORAL_* and temporal.toml as @temporalio/envconfig reads them.
 * Throws CONFIG_INVALID when a named profile or certificate cannot be read.
 */
export function temporalConnection(config: ResolvedConfig, env?: Readonly<Record<string, string>>): TemporalConnection {
  let fromEnvironment: ClientConnectConfig;
  try {
    fromEnvironment = loadClientConnectConfig(env === undefined ? {} : { overrideEnvVars: { ...env } });
  } catch (error) {
    throw new FerryError(
      'CONFIG_INVALID',
      `The Temporal settings of the environment (TEMPORAL_*, temporal.toml) cannot be read: ${messageOf(error)}`,
      { cause: error },
    );
  }
  const { address, namespace } = config.temporal;
  return {
    connectionOptions: {
      ...fromEnvironment.connectionOptions,
      address: address ?? fromEnvironment.connectionOptions.address ?? 'localhost:7233',
    },
    namespace: namespace ?? fromEnvironment.namespace ?? 'default',
  };
}
