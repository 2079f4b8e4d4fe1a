import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { TemporalConfig } from '../../../config/config.ts';
import { defineConfig } from '../../../config/define-config.ts';
import { resolveConfig } from '../../../config/resolved.ts';
import { temporalConnection } from '../../../config/temporal-connection.ts';
import { codeOf, messageOf } from '../../../errors/ferry-error.ts';

const home = mkdtempSync(join(tmpdir(), 'ferry-temporal-'));
const config = (temporal: TemporalConfig, base?: string) =>
  resolveConfig(
    defineConfig({
      temporal,
      clusters: {
        a: { webhdfs: 'http://nn:9870', user: 'u', fileSystem: 'hdfs://nn', metastore: 'thrift://hms:9083' },
      },
    }),
    base,
  );

const toml = join(home, 'temporal.toml');
writeFileSync(
  toml,
  '[profile.default]\naddress = "from-toml:7233"\nnamespace = "toml"\n[profile.cloud]\naddress = "cloud:7233"\napi_key = "k"\n',
);

describe('where Temporal is', () => {
  it('is on this machine when nobody says otherwise', () => {
    const { connectionOptions, namespace } = temporalConnection(config({}), {
      TEMPORAL_CONFIG_FILE: join(home, 'none.toml'),
    });
    expect([connectionOptions.address, namespace]).toEqual(['localhost:7233', 'default']);
  });

  it('comes from temporal.toml, over it from TEMPORAL_*, over both from temporal.config.ts', () => {
    const env = { TEMPORAL_CONFIG_FILE: toml };
    const all = [
      temporalConnection(config({}), env),
      temporalConnection(config({}), { ...env, TEMPORAL_ADDRESS: 'from-env:7233' }),
      temporalConnection(config({ address: 'from-file:7233' }), {
        ...env,
        TEMPORAL_ADDRESS: 'from-env:7233',
        TEMPORAL_NAMESPACE: 'env',
      }),
    ].map(({ connectionOptions, namespace }) => [connectionOptions.address, namespace]);
    expect(all).toEqual([
      ['from-toml:7233', 'toml'],
      ['from-env:7233', 'toml'],
      ['from-file:7233', 'env'],
    ]);
  });

  it('keeps the key and TLS of the environment whatever the address', () => {
    const { connectionOptions } = temporalConnection(config({ address: 'other:7233' }), {
      TEMPORAL_CONFIG_FILE: toml,
      TEMPORAL_PROFILE: 'cloud',
    });
    expect(connectionOptions).toMatchObject({ address: 'other:7233', apiKey: 'k', tls: true });
  });

  it('says what it cannot read', () => {
    let thrown: unknown;
    try {
      temporalConnection(config({}), { TEMPORAL_CONFIG_FILE: toml, TEMPORAL_PROFILE: 'nope' });
    } catch (error) {
      thrown = error;
    }
    expect(codeOf(thrown)).toBe('CONFIG_INVALID');
    expect(String(thrown)).toMatch(/temporal\.toml.*'nope' not found/);
  });
});

describe('how to get into Temporal', () => {
  const file = (name: string, text: string): string => {
    writeFileSync(join(home, name), text);
    return name;
  };
  const cert = { clientCert: file('client.pem', 'cert'), clientKey: file('client.key', 'key') };
  const none = { TEMPORAL_CONFIG_FILE: join(home, 'none.toml') };
  const optionsOf = (temporal: TemporalConfig, env: Record<string, string> = {}) =>
    temporalConnection(config(temporal, home), { ...none, ...env }).connectionOptions;
  const problemOf = (temporal: TemporalConfig, env: Record<string, string> = {}): string => {
    try {
      optionsOf(temporal, env);
    } catch (error) {
      return `${codeOf(error)} ${messageOf(error)}`;
    }
    return '';
  };

  it('is an API key from a file or a variable, which turns TLS on', () => {
    const fromFile = { apiKey: { file: join(home, file('key', 'k1\n')) } };
    process.env.FERRY_TEST_API_KEY = 'k2';
    const fromVariable = { apiKey: { env: 'FERRY_TEST_API_KEY' } };
    expect([optionsOf(fromFile), optionsOf(fromVariable)]).toMatchObject([
      { apiKey: 'k1', tls: true },
      { apiKey: 'k2', tls: true },
    ]);
    delete process.env.FERRY_TEST_API_KEY;
    expect(problemOf(fromVariable)).toBe(
      'CONFIG_INVALID temporal.apiKey: the environment variable FERRY_TEST_API_KEY is not set.',
    );
  });

  it('is a certificate, its key and what the server is checked by, from files beside the config', () => {
    const tls = { ...cert, serverCaCert: file('ca.pem', 'ca'), serverName: 'temporal.internal' };
    expect(optionsOf({ tls }).tls).toEqual({
      clientCertPair: { crt: Buffer.from('cert'), key: Buffer.from('key') },
      serverRootCACertificate: Buffer.from('ca'),
      serverNameOverride: 'temporal.internal',
    });
  });

  it('is both, and what temporal.config.ts says goes over the environment', () => {
    const env = { TEMPORAL_API_KEY: 'env', TEMPORAL_TLS_SERVER_NAME: 'env' };
    expect(optionsOf({ tls: cert }, env)).toMatchObject({ apiKey: 'env', tls: { clientCertPair: {} } });
    expect(optionsOf({}, env)).toMatchObject({ apiKey: 'env', tls: { serverNameOverride: 'env' } });
    expect(optionsOf({ tls: false }, { TEMPORAL_TLS: 'true' }).tls).toBe(false);
    expect(optionsOf({})).not.toHaveProperty('tls', true);
  });

  it('names the file that cannot be read', () => {
    expect(problemOf({ tls: { ...cert, clientKey: 'gone.key' } })).toMatch(
      /^CONFIG_INVALID temporal\.tls\.clientKey: the file cannot be read: .*ENOENT.*gone\.key/,
    );
    expect(problemOf({ tls: { serverCaCert: 'gone.pem' } })).toMatch(/temporal\.tls\.serverCaCert: .*gone\.pem/);
    expect(
      problemOf({}, { TEMPORAL_TLS_CLIENT_CERT_PATH: '/gone.pem', TEMPORAL_TLS_CLIENT_KEY_PATH: '/gone' }),
    ).toMatch(/^CONFIG_INVALID The Temporal settings of the environment .* cannot be read: .*gone\.pem/);
  });

  it('refuses half of a pair, which the SDK would drop without a word', () => {
    expect(problemOf({}, { TEMPORAL_TLS_CLIENT_CERT_DATA: 'x' })).toMatch(/a client certificate and no client key$/);
    expect(problemOf({}, { TEMPORAL_TLS_CLIENT_KEY_DATA: 'x' })).toMatch(/a client key and no client certificate$/);
  });
});
