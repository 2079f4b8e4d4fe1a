import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CheckStatus } from '../../../../cli/doctor/check.ts';
import { type Credentials, credentialsVerdict } from '../../../../cli/doctor/credentials.ts';
import { TestAuthority } from '../../../certificates.ts';

const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);

type Pair = { readonly crt: Buffer; readonly key: Buffer };

let folder: string;
let ca: Buffer;
let client: Pair;
let other: Pair;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-credentials-'));
  const authority = new TestAuthority(folder);
  const pair = (name: string): Pair => {
    const { cert, key } = authority.issue({ name, days: 90 });
    return { crt: readFileSync(cert), key: readFileSync(key) };
  };
  ca = readFileSync(authority.ca);
  client = pair('etl');
  other = pair('other');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A key as Temporal Cloud gives them, that ends so many days from now. */
function token(days: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'ES256' })}.${part({ exp: Math.floor(inDays(days).getTime() / 1000) })}.c2lnbmF0dXJl`;
}

type Case = readonly [what: string, credentials: () => Credentials, status: CheckStatus, says: RegExp, days?: number];

describe('what is seen of the credentials without asking the server', () => {
  it.each<Case>([
    ['nothing', () => ({}), 'ok', /^no TLS and no API key$/],
    ['TLS alone', () => ({ tls: true }), 'ok', /^TLS, and the client shows nothing of itself$/],
    ['a key of unknown form', () => ({ tls: true, apiKey: 'opaque' }), 'ok', /^API key$/],
    ['a key that is valid', () => ({ tls: true, apiKey: token(90) }), 'ok', /^API key, valid until \d{4}-\d\d-\d\d$/],
    ['a key without TLS', () => ({ apiKey: token(90) }), 'fail', /sent for all to read, since TLS is off/],
    ['a key, TLS off', () => ({ tls: false, apiKey: token(90) }), 'fail', /sent for all to read/],
    ['a key with a line break', () => ({ tls: true, apiKey: 'one\ntwo' }), 'fail', /a space or a line break in it/],
    ['an empty key', () => ({ tls: true, apiKey: '' }), 'fail', /the API key is empty/],
    ['a key that has run out', () => ({ tls: true, apiKey: token(-1) }), 'fail', /the API key was valid until/],
    ['a key that runs out', () => ({ tls: true, apiKey: token(5) }), 'warn', /the API key is valid until .* only/],
    [
      'a certificate and its key',
      () => ({ tls: { clientCertPair: client, serverRootCACertificate: ca } }),
      'ok',
      /^client certificate \(CN=etl\), valid until [-\d]+; CA certificate \(CN=ca\), valid until [-\d]+$/,
    ],
    [
      'the key of another',
      () => ({ tls: { clientCertPair: { ...client, key: other.key } } }),
      'fail',
      /not that of.*CN=etl/,
    ],
    [
      'one that has run out',
      () => ({ tls: { clientCertPair: client } }),
      'fail',
      /certificate \(CN=etl\) was valid until/,
      91,
    ],
    ['one that runs out', () => ({ tls: { clientCertPair: client } }), 'warn', /\(CN=etl\) is valid until .* only/, 80],
    ['one of tomorrow', () => ({ tls: { clientCertPair: client } }), 'fail', /is not valid before/, -2],
    [
      'no certificate',
      () => ({ tls: { clientCertPair: { ...client, crt: client.key } } }),
      'fail',
      /certificate is none/,
    ],
    [
      'no key',
      () => ({ tls: { clientCertPair: { ...client, key: client.crt } } }),
      'fail',
      /client key cannot be read/,
    ],
    [
      'a CA that has run out',
      () => ({ tls: { serverRootCACertificate: ca } }),
      'fail',
      /CA certificate \(CN=ca\) was/,
      400,
    ],
    [
      'an empty CA',
      () => ({ tls: { serverRootCACertificate: Buffer.from('ca') } }),
      'fail',
      /CA certificate holds none/,
    ],
    [
      'an old CA beside a good one',
      () => ({ tls: { serverRootCACertificate: Buffer.concat([client.crt, ca]) } }),
      'ok',
      /CA certificate \(CN=ca\), valid until/,
      91,
    ],
    [
      'what has run out comes before what runs out',
      () => ({ tls: { clientCertPair: client }, apiKey: token(-1) }),
      'fail',
      /API key was valid/,
      80,
    ],
  ])('%s', (_, credentials, status, says, days = 0) => {
    const verdict = credentialsVerdict(credentials(), inDays(days));
    expect([verdict.status, verdict.says]).toEqual([status, expect.stringMatching(says)]);
    expect(verdict.fix === undefined).toBe(status === 'ok');
  });

  it('no message holds the API key', () => {
    for (const days of [-1, 5, 90]) {
      const apiKey = token(days);
      expect(JSON.stringify(credentialsVerdict({ apiKey }, new Date()))).not.toContain(apiKey);
      expect(JSON.stringify(credentialsVerdict({ apiKey, tls: true }, new Date()))).not.toContain(apiKey);
    }
  });
});
