import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Check } from '../../cli/doctor/check.ts';
import type { DoctorDocument } from '../../cli/doctor/report.ts';
import type { TemporalConfig } from '../../config/config.ts';
import { type LabState, readLabState } from '../../lab/state.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { TestAuthority } from '../certificates.ts';
import { documentOf, ferry } from './ferry.ts';
import { LabDatabase } from './lab-database.ts';
import { SecuredTemporal } from './secured-temporal.ts';

jest.setTimeout(180_000);

const API_KEY = 'a-key-of-this-test';
const QUEUE = 'secured';
/** Seen from the folder of the config, where they lie. */
const files = {
  clientCert: 'client.pem',
  clientKey: 'client.key',
  serverCaCert: 'ca.pem',
  serverName: 'temporal.internal',
};
const database = new LabDatabase('ferry_secured');

let lab: LabState;
let folder: string;
let secured: SecuredTemporal;
let address: string;
let client: { readonly clientCert: string; readonly clientKey: string };

beforeAll(async () => {
  const up = readLabState();
  if (up === undefined) throw new Error('The lab is not up: npm run lab -- up');
  lab = up;
  folder = mkdtempSync(join(tmpdir(), 'ferry-secured-'));
  const authority = new TestAuthority(folder);
  const server = authority.issue({ name: 'server', host: 'temporal.internal' });
  const { cert, key } = authority.issue({ name: 'client' });
  secured = new SecuredTemporal({ address: lab.temporal.address, ...server, ca: authority.ca, apiKey: API_KEY });
  address = await secured.listen();
  client = { clientCert: cert, clientKey: key };
  writeFileSync(join(folder, 'api-key'), `${API_KEY}\n`);
  await database.drop();
});
afterAll(async () => {
  secured?.close();
  await database.drop();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A config over the lab, with this way into Temporal. */
function configWith(name: string, temporal: TemporalConfig): string {
  const cluster = ({ webhdfs, fileSystem, metastore }: LabState['clusters']['a']) => ({
    ...{ webhdfs, fileSystem, metastore, user: 'root' },
  });
  const { namespace } = lab.temporal;
  const config = {
    temporal: { address, namespace, taskQueue: QUEUE, ...temporal },
    clusters: { a: cluster(lab.clusters.a), b: cluster(lab.clusters.b) },
    worker: { pool: '256MiB' },
  };
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, `export default ${JSON.stringify(config)};\n`);
  return file;
}

async function doctor(name: string, temporal: TemporalConfig, env: Record<string, string> = {}) {
  const ran = await ferry(['doctor', '--config', configWith(name, temporal), '--json'], env);
  const { checks } = documentOf<DoctorDocument>(ran);
  const named = (id: string): Check | undefined =>
    checks.find((check) => check.subject === 'temporal' && check.id === id);
  return { credentials: named('credentials'), server: named('server'), namespace: named('namespace') };
}

const apiKey = () => ({ file: join(folder, 'api-key') });

describe('a Temporal that asks for a client certificate and an API key', () => {
  it('is gone into by a sync, its worker and its command', async () => {
    const config = configWith('all', { tls: files, apiKey: apiKey() });
    const sync = [
      'sync',
      'ref.countries',
      '--source',
      'a',
      '--target',
      'b',
      '--target-table',
      `${database.database}.countries`,
    ];
    const done = await ferry([...sync, '--create-database', '--local', '--json', '--config', config]);
    expect(documentOf<Outcome>(done)).toMatchObject({ outcome: 'complete', partitions: { failed: 0 } });
    // A run, its activities and their polls.
    expect(secured.served).toBeGreaterThan(20);
  });

  it('is gone into with what the environment says', async () => {
    const env = {
      TEMPORAL_API_KEY: API_KEY,
      TEMPORAL_TLS_CLIENT_CERT_PATH: client.clientCert,
      TEMPORAL_TLS_CLIENT_KEY_PATH: client.clientKey,
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(folder, 'ca.pem'),
      TEMPORAL_TLS_SERVER_NAME: 'temporal.internal',
    };
    const { credentials, server } = await doctor('environment', {}, env);
    expect([credentials?.status, server?.status]).toEqual(['ok', 'ok']);
    expect(credentials?.says).toMatch(/^API key; client certificate \(CN=client\), valid until .*; CA certificate/);
  });

  it('turns away another API key, and ferry doctor says so', async () => {
    const { credentials, server, namespace } = await doctor(
      'other-key',
      { tls: files, apiKey: { env: 'OTHER_KEY' } },
      { OTHER_KEY: 'x' },
    );
    expect([credentials?.status, server?.status, namespace?.status]).toEqual(['ok', 'fail', 'skip']);
    expect(server?.says).toBe(
      `AUTH_REQUIRED: Temporal at ${address} does not let ferry in: Request unauthorized. Nothing was started.`,
    );
    expect(server?.fix).toMatch(/^Check temporal\.apiKey/);
  });

  it.each<[string, () => TemporalConfig, string, RegExp]>([
    [
      'a key of another certificate',
      () => {
        const other = new TestAuthority(join(folder, 'others')).issue({ name: 'other' });
        return { apiKey: apiKey(), tls: { ...files, clientKey: other.key } };
      },
      'credentials',
      /the client key is not that of the client certificate \(CN=client\)/,
    ],
    [
      'a file that is gone',
      () => ({ apiKey: { file: '/nowhere/key' }, tls: files }),
      'credentials',
      /temporal\.apiKey: .*\/nowhere\/key/,
    ],
    [
      'no certificate at all',
      () => ({ apiKey: apiKey(), tls: { serverCaCert: 'ca.pem', serverName: 'temporal.internal' } }),
      'server',
      /^UNREACHABLE: .* TLS: .*certificate required\.$/,
    ],
    [
      'a server of another name',
      () => ({ apiKey: apiKey(), tls: { ...files, serverName: 'another.internal' } }),
      'server',
      /^UNREACHABLE: .* TLS: .*another\.internal\. is not in the cert's altnames: DNS:temporal\.internal\.$/,
    ],
    [
      'nothing to check the server by',
      () => ({ apiKey: apiKey(), tls: { serverName: 'temporal.internal' } }),
      'server',
      /^UNREACHABLE: .* TLS: .*certificate/,
    ],
    ['no TLS', () => ({ tls: false }), 'server', / TLS: the server speaks TLS, and temporal\.tls is off\.$/],
    [
      'TLS, where the server speaks none',
      () => ({ address: lab.temporal.address, tls: true }),
      'server',
      / TLS: the server speaks no TLS, and temporal\.tls is on\.$/,
    ],
  ])('is not gone into with %s, and ferry doctor says why', async (name, temporal, failing, says) => {
    const found = await doctor(name.replaceAll(' ', '-'), temporal());
    const check = failing === 'credentials' ? found.credentials : found.server;
    expect([check?.status, check?.says]).toEqual(['fail', expect.stringMatching(says)]);
    expect(found.namespace?.status).toBe('skip');
  });
});
