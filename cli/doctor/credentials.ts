import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { TemporalTls } from '../../config/temporal-connection.ts';
import { messageOf } from '../../errors/ferry-error.ts';
import { fail, ok, type Verdict, warn } from './check.ts';

/** How ferry gets into Temporal, with the certificates and the key themselves. */
export type Credentials = { readonly tls?: TemporalTls; readonly apiKey?: string };

const DAY_MS = 86_400_000;
const SOON_MS = 14 * DAY_MS;
const RENEW = 'Have a new one made, and put it where temporal.config.ts (or TEMPORAL_*) says.';

/** What can be seen of them without the server: the first thing that is wrong, else what runs out soon, else what there is. */
export function credentialsVerdict({ tls, apiKey }: Credentials, now: Date): Verdict {
  const files = typeof tls === 'object' && tls !== null ? tls : {};
  const { clientCertPair: pair, serverRootCACertificate: ca } = files;
  const verdicts = [
    ...(apiKey === undefined ? [] : [apiKeyVerdict(apiKey, tls, now)]),
    ...(pair === undefined ? [] : [clientVerdict(pair, now)]),
    ...(ca === undefined ? [] : [caVerdict(ca, now)]),
  ];
  const worst = ['fail', 'warn'].flatMap((status) => verdicts.filter((verdict) => verdict.status === status))[0];
  if (worst !== undefined) return worst;
  const parts = verdicts.map(({ says }) => says);
  if (tls && pair === undefined && apiKey === undefined) parts.unshift('TLS, and the client shows nothing of itself');
  return ok(parts.length === 0 ? 'no TLS and no API key' : parts.join('; '));
}

function apiKeyVerdict(apiKey: string, tls: TemporalTls | undefined, now: Date): Verdict {
  if (!tls) {
    return fail(
      'the API key would be sent for all to read, since TLS is off',
      'Set temporal.tls (or TEMPORAL_TLS) to true.',
    );
  }
  // What a header of HTTP cannot hold, and no key has.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    return fail(
      'the API key is empty, or has a space or a line break in it',
      'Put nothing but the key into its place.',
    );
  }
  return untilVerdict('API key', expiryOfToken(apiKey), now);
}

/** Temporal Cloud's keys are JWTs, whose claims anybody can read; of another key nobody knows. */
function expiryOfToken(token: string): Date | undefined {
  const [, claims = '', signature] = token.split('.');
  if (signature === undefined) return undefined;
  try {
    const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { readonly exp?: unknown };
    return typeof exp === 'number' ? new Date(exp * 1000) : undefined;
  } catch {
    return undefined;
  }
}

function clientVerdict({ crt, key }: { readonly crt: Uint8Array; readonly key: Uint8Array }, now: Date): Verdict {
  let certificate: X509Certificate;
  let privateKey: KeyObject;
  try {
    certificate = new X509Certificate(crt);
  } catch (error) {
    return fail(`the client certificate is none: ${messageOf(error)}`, 'Name a file with a certificate in PEM.');
  }
  try {
    privateKey = createPrivateKey(Buffer.from(key));
  } catch (error) {
    const fix = 'Name a file with a private key in PEM, without a passphrase.';
    return fail(`the client key cannot be read: ${messageOf(error)}`, fix);
  }
  if (!certificate.checkPrivateKey(privateKey)) {
    const fix = 'Name the certificate and the key that were made together.';
    return fail(`the client key is not that of the client certificate (${nameOf(certificate)})`, fix);
  }
  return certificateVerdict('client certificate', certificate, now);
}

/** One of several that is good is enough for the server. */
function caVerdict(ca: Uint8Array, now: Date): Verdict {
  const blocks =
    Buffer.from(ca)
      .toString('utf8')
      .match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    const verdicts = blocks.map((pem) => certificateVerdict('CA certificate', new X509Certificate(pem), now));
    const [first = fail('the file of the CA certificate holds none', 'Name a file with certificates in PEM.')] =
      verdicts;
    return verdicts.find(({ status }) => status === 'ok') ?? first;
  } catch (error) {
    return fail(`the CA certificate is none: ${messageOf(error)}`, 'Name a file with certificates in PEM.');
  }
}

function certificateVerdict(what: string, certificate: X509Certificate, now: Date): Verdict {
  const from = new Date(certificate.validFrom);
  const named = `${what} (${nameOf(certificate)})`;
  if (from > now) return fail(`the ${named} is not valid before ${day(from)}`, 'Check the clock of this machine.');
  return untilVerdict(named, new Date(certificate.validTo), now);
}

function untilVerdict(what: string, until: Date | undefined, now: Date): Verdict {
  if (until === undefined) return ok(what);
  if (until <= now) return fail(`the ${what} was valid until ${day(until)}`, RENEW);
  const left = until.getTime() - now.getTime();
  if (left < SOON_MS) return warn(`the ${what} is valid until ${day(until)} only`, RENEW);
  return ok(`${what}, valid until ${day(until)}`);
}

/** 'CN=ferry', in one line. */
function nameOf({ subject }: X509Certificate): string {
  return (subject ?? '').replaceAll('\n', ', ') || 'without a name';
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
