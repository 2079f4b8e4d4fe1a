import http from 'node:http';
import https from 'node:https';
import { FerryError, messageOf } from '../../errors/ferry-error.ts';

/** A page that a Hadoop server shows of itself (/jmx, /conf). */
export type Page = { readonly body: string; readonly date?: Date };

const LIMIT = 16 * 1024 * 1024;

/**
 * Reads one page, without signing in. Throws AUTH_REQUIRED (details.scheme), BAD_ANSWER for any other status than 200,
 * UNREACHABLE.
 */
export function readPage(url: string, signal: AbortSignal): Promise<Page> {
  const { get } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const lost = (error: unknown) =>
      reject(signal.aborted ? signal.reason : new FerryError('UNREACHABLE', `${url}: ${messageOf(error)}`));
    const request = get(url, { signal, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      let length = 0;
      answer.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > LIMIT) answer.destroy(new Error('the page is too long'));
        else chunks.push(chunk);
      });
      answer.on('error', lost);
      answer.on('end', () => {
        const { statusCode, headers } = answer;
        if (statusCode === 401) {
          const scheme = headers['www-authenticate']?.split(/[\s,]/)[0] ?? 'none named';
          const message = `${url}: HTTP 401, the server asks for authentication by: ${scheme}`;
          reject(new FerryError('AUTH_REQUIRED', message, { details: { status: 401, scheme } }));
        } else if (statusCode !== 200) reject(new FerryError('BAD_ANSWER', `${url}: HTTP ${statusCode}`));
        else
          resolve({
            body: Buffer.concat(chunks).toString('utf8'),
            ...dateOf(headers.date),
          });
      });
    });
    request.on('error', lost);
  });
}

/** Hadoop sends the header twice; Node joins them. */
function dateOf(header: string | undefined): Pick<Page, 'date'> {
  const date = new Date(/^.*? GMT/.exec(header ?? '')?.[0] ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? {} : { date };
}
