import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { FerryError } from '../../errors/ferry-error.ts';
import { onAbort } from '../on-abort.ts';
import type { Answer } from './answer.ts';
import { Deadline, type Deadlines } from './deadlines.ts';
import { networkFailure, whenConnected } from './network-failure.ts';

/** One request by node:http. `what` names it in messages; `headWithin` bounds the wait for the head of the answer. */
export type Exchange = {
  readonly what: string;
  readonly signal: AbortSignal | undefined;
  readonly deadlines: Deadlines;
  readonly headWithin: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: http.Agent;
};

/** What an answer that is read into memory may hold: an exception with its stack trace, a checksum, a proxy's page. */
const LONGEST_BODY = 256 * 1024;

/** The host and port of a URL, for messages: never its query, which may carry a delegation token. */
export function whereOf(url: string): string {
  return new URL(url).host;
}

/** node:http or node:https, by the URL. */
export function requestTo(url: string, options: http.RequestOptions): http.ClientRequest {
  return url.startsWith('https:') ? https.request(url, options) : http.request(url, options);
}

/** Sends a request without a body; resolves at the answer's head. Who gets the response reads it to its end or destroys it. */
export function exchange(method: string, url: string, options: Exchange): Promise<IncomingMessage> {
  const { what, signal, deadlines, headWithin, headers, agent } = options;
  const where = whereOf(url);
  return new Promise((resolve, reject) => {
    let sent = false;
    let stop = () => {};
    const giveUp = (error: unknown) => {
      deadline.clear();
      stop();
      request.destroy();
      reject(error);
    };
    const deadline = new Deadline(what, where, giveUp);
    const request = requestTo(url, { method, headers, agent });
    request.once('socket', (socket) => {
      deadline.set(deadlines.connect, 'connect');
      whenConnected(socket, () => {
        sent = true;
        deadline.set(headWithin, 'answer');
      });
    });
    request.on('error', (error) => giveUp(networkFailure(error, what, where, sent)));
    request.once('response', (response) => {
      deadline.clear();
      stop();
      // From here on a failure shows on the response.
      response.on('error', () => {});
      resolve(response);
    });
    deadline.set(headWithin, 'answer');
    stop = onAbort(signal, giveUp);
    request.end();
  });
}

/** Reads a response of which only a short body is expected. */
export function wholeAnswer(response: IncomingMessage, url: string, options: Exchange): Promise<Answer> {
  const { what, signal, headWithin } = options;
  const where = whereOf(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    let stop = () => {};
    const settle = (act: () => void) => {
      deadline.clear();
      stop();
      act();
    };
    const giveUp = (error: unknown) => {
      response.destroy();
      settle(() => reject(error));
    };
    const deadline = new Deadline(what, where, giveUp);
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      received += chunk.length;
      if (received > LONGEST_BODY) giveUp(new FerryError('BAD_ANSWER', `${what}: ${where} sent a long body unasked`));
    });
    response.once('close', () => {
      settle(() => {
        const { statusCode: status = 0, headers, complete } = response;
        if (complete) resolve({ status, headers, body: Buffer.concat(chunks).toString() });
        else reject(networkFailure('the answer is cut off', what, where, true));
      });
    });
    deadline.set(headWithin, 'answer');
    stop = onAbort(signal, giveUp);
  });
}
