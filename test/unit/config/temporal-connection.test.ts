import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { TemporalConfig } from '../../../config/config.ts';
import { defineConfig } from '../../../config/define-config.ts';
import { resolveConfig } from '../../../config/resolved.ts';
import { temporalConnection } from '../../../config/temporal-connection.ts';
import { codeOf } from '../../../errors/ferry-error.ts';

const home = mkdtempSync(join(tmpdir(), 'ferry-temporal-'));
const config = (temporal: TemporalConfig) =>
  resolveConfig(
    defineConfig({
      temporal,
      clusters: {
        a: { webhdfs: 'http://nn:9870', user: 'u', fileSystem: 'hdfs://nn', metastore: 'thrift://hms:9083' },
      },
    }),
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
