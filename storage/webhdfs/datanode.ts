import type { IncomingMessage } from 'node:http';
import { FerryError } from '../../errors/ferry-error.ts';
import { onAbort } from '../on-abort.ts';
import { untilAborted } from '../until-aborted.ts';
import { type Answer, refusalOf } from './answer.ts';
import { Deadline } from './deadlines.ts';
import { type Exchange, exchange, requestTo, whereOf, wholeAnswer } from './exchange.ts';
import { networkFailure, whenConnected } from './network-failure.ts';

/** Bytes that may wait in one upload before its source is asked for more. */
const IN_FLIGHT = 256 * 1024;

/** Asks a datanode for bytes; resolves with the 200 response, whose body is yet to be read. Every other answer throws. */
export async function get(url: string, options: Exchange): Promise<IncomingMessage> {
  const response = await exchange('GET', url, options);
  if (response.statusCode === 200) return response;
  throw refusalOf(await wholeAnswer(response, url, options), options.what);
}

/**
 * Sends a new file's bytes to the datanode that the namenode named. `body` is called once, when the datanode says that
 * it is ready (a datanode always does); while nothing but its connection failed, it has not been called and the error is UNREACHABLE.
 *
 * Only 201 is success. The source is held back while the datanode takes its time; the idle deadline runs while the
 * datanode is waited for, never while the source is. Settles once, with the datanode's own answer before a broken pipe.
 */
export function put(url: string, body: () => AsyncIterable<Uint8Array>, options: Exchange): Promise<void> {
  const { what, signal, deadlines } = options;
  const where = whereOf(url);
  const settled = new AbortController();

  return new Promise((resolve, reject) => {
    let sent = false;
    let started = false;
    let answered = false;
    let drained = () => {};
    let ready: NodeJS.Timeout | undefined;
    let stop = () => {};

    const settle = (act: () => void) => {
      deadline.clear();
      clearTimeout(ready);
      stop();
      act();
      // Ends the source, also while it is being waited for, and releases the loop from a drain that never comes.
      settled.abort();
      drained();
    };
    const giveUp = (error: unknown) => {
      settle(() => reject(error));
      request.destroy();
    };
    const finish = (answer: Answer, whole: boolean) => {
      const ok = answer.status === 201 && whole;
      const early = new FerryError('BAD_ANSWER', `${what}: ${where} answered 201 before it had the whole file`);
      settle(() => (ok ? resolve() : reject(answer.status === 201 ? early : refusalOf(answer, what))));
      request.destroy();
    };

    const send = async () => {
      if (started || answered || settled.signal.aborted) return;
      started = true;
      clearTimeout(ready);
      deadline.clear();
      for await (const chunk of untilAborted(body(), settled.signal)) {
        if (answered) return;
        if (chunk.length === 0) continue;
        request.write(chunk);
        if (request.writableLength <= IN_FLIGHT) continue;
        deadline.set(deadlines.idle, 'take the next bytes');
        await new Promise<void>((resume) => {
          drained = resume;
          request.once('drain', resume);
        });
        if (answered || settled.signal.aborted) return;
        deadline.clear();
      }
      request.end();
      deadline.set(deadlines.idle, 'answer');
    };

    const deadline = new Deadline(what, where, giveUp);
    const headers = { ...options.headers, 'Content-Type': 'application/octet-stream', Expect: '100-continue' };
    // Without an agent of its own: a datanode closes the connection after each file.
    const request = requestTo(url, { method: 'PUT', agent: false, headers });
    request.once('socket', (socket) =>
      whenConnected(socket, () => {
        sent = true;
        deadline.set(deadlines.idle, 'answer');
        ready = setTimeout(() => void send().catch(giveUp), deadlines.ready);
      }),
    );
    request.once('continue', () => void send().catch(giveUp));
    request.once('response', (response) => {
      const whole = request.writableEnded;
      answered = true;
      response.on('error', () => {});
      wholeAnswer(response, url, options).then((answer) => finish(answer, whole), giveUp);
    });
    request.on('error', (error) => {
      if (!answered) giveUp(networkFailure(error, what, where, sent));
    });
    deadline.set(deadlines.connect, 'connect');
    stop = onAbort(signal, giveUp);
  });
}
