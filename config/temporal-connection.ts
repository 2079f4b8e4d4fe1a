import { readFileSync } from 'node:fs';
import {
  type ClientConfigProfile,
  type ClientConnectConfig,
  loadClientConfigProfile,
  toClientOptions,
} from '@temporalio/envconfig';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import type { ResolvedConfig } from './resolved.ts';
import { readSecret } from './secret.ts';

export type TemporalConnection = {
  /** For Connection.connect of the client and NativeConnection.connect of the worker alike. */
  readonly connectionOptions: ConnectionOptions;
  readonly namespace: string;
};

type ConnectionOptions = ClientConnectConfig['connectionOptions'] & { readonly address: string };

/** With the certificates themselves; their files are read anew for each connection. */
export type TemporalTls = ConnectionOptions['tls'];

/**
 * Where Temporal is and how to get in: what temporal.config.ts says, and what it leaves out from TEMPORAL_* and
 * temporal.toml as @temporalio/envconfig reads them. An API key turns TLS on where nothing else is said. Throws
 * CONFIG_INVALID when a named profile, certificate or key cannot be read, or half of a pair is missing.
 */
export function temporalConnection(config: ResolvedConfig, env?: Readonly<Record<string, string>>): TemporalConnection {
  const { connectionOptions, namespace: fromEnvironment } = environment(env);
  const { address, namespace, apiKey } = config.temporal;
  const key = apiKey === undefined ? connectionOptions.apiKey : readSecret('temporal.apiKey', apiKey);
  const tls = tlsOf(config.temporal.tls) ?? connectionOptions.tls ?? (key === undefined ? undefined : true);
  return {
    connectionOptions: {
      ...connectionOptions,
      address: address ?? connectionOptions.address ?? 'localhost:7233',
      ...(key === undefined ? {} : { apiKey: key }),
      ...(tls === undefined ? {} : { tls }),
    },
    namespace: namespace ?? fromEnvironment ?? 'default',
  };
}

function environment(env: Readonly<Record<string, string>> | undefined): ClientConnectConfig {
  try {
    const profile = loadClientConfigProfile(env === undefined ? {} : { overrideEnvVars: { ...env } });
    assertPair(profile);
    return toClientOptions(profile);
  } catch (error) {
    throw new FerryError(
      'CONFIG_INVALID',
      `The Temporal settings of the environment (TEMPORAL_*, temporal.toml) cannot be read: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** The SDK would connect without the half that is there, and the server tell of a client without a certificate. */
function assertPair({ tls }: ClientConfigProfile): void {
  const { clientCert, clientKey } = tls ?? {};
  if ((clientCert === undefined) === (clientKey === undefined)) return;
  const [there, missing] = clientKey === undefined ? ['certificate', 'key'] : ['key', 'certificate'];
  throw new Error(`there is a client ${there} and no client ${missing}`);
}

function tlsOf(tls: ResolvedConfig['temporal']['tls']): TemporalTls | undefined {
  if (tls === undefined || typeof tls === 'boolean') return tls;
  const { clientCert, clientKey, serverCaCert, serverName } = tls;
  return {
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
    ...(serverCaCert === undefined ? {} : { serverRootCACertificate: pem('serverCaCert', serverCaCert) }),
    ...(clientCert === undefined || clientKey === undefined
      ? {}
      : { clientCertPair: { crt: pem('clientCert', clientCert), key: pem('clientKey', clientKey) } }),
  };
}

function pem(field: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new FerryError('CONFIG_INVALID', `temporal.tls.${field}: the file cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
