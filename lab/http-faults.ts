import type { IncomingMessage } from 'node:http';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BodyHandler, HttpExchange, HttpFault } from './fault-proxy.ts';

/** Answers instead of the server, which is not asked. The caller's body is read over. */
export function answerWith(status: number, body = '', type = 'text/html'): HttpFault {
  return (exchange) => {
    const { request, response } = exchange;
    takeBody(exchange);
    request.once('end', () => response.writeHead(status, { 'content-type': type }).end(body));
  };
}

/** A refusal as Hadoop words it (its JsonUtil.toJsonString of an exception). */
export function refuseWith(status: number, javaClassName: string, message: string): HttpFault {
  const exception = javaClassName.replace(/^.*\./, '');
  return answerWith(
    status,
    JSON.stringify({ RemoteException: { exception, javaClassName, message } }),
    'application/json',
  );
}

/** What a namenode that is not active says to everything that it would have to look up or change. */
export const onStandby = refuseWith(
  403,
  'org.apache.hadoop.ipc.StandbyException',
  'Operation category READ is not supported in state standby. Visit https://s.apache.org/sbnn-error',
);

/** What a namenode says that is not ready yet and did nothing. */
export const comeAgain = refuseWith(403, 'org.apache.hadoop.ipc.RetriableException', 'NameNode still not started');

/** MKDIRS, DELETE and the older RENAME say so with 200 when they did nothing. */
export const answerFalse = answerWith(200, '{"boolean":false}', 'application/json');

/** Ends the connection before the server is asked. */
export const hangUp: HttpFault = ({ response }) => void response.socket?.destroy();

/** Takes everything and never answers; the server is not asked. */
export const blackHole: HttpFault = (exchange) => takeBody(exchange);

/** Takes nothing either: the connection stands and nobody is there. */
export const halfOpen: HttpFault = () => {};

/** Lets the server do it, and ends the connection when its answer arrives. */
export const loseAnswer: HttpFault = async ({ ask, response }) => {
  (await ask()).destroy();
  response.socket?.destroy();
};

/** Lets the server do it, and never answers. */
export const withholdAnswer: HttpFault = async ({ ask }) => void (await ask()).resume();

/** Passes the call on after so many milliseconds. */
export function delay(milliseconds: number): HttpFault {
  return async ({ ask, handOn }) => {
    await sleep(milliseconds);
    handOn(await ask());
  };
}

/** Ends the connection when so many bytes of the answer's body were handed on. */
export function cutAnswerAfter(bytes: number): HttpFault {
  return handingOn(async (answer, to) => {
    await firstBytes(answer, to, bytes);
    to.destroy();
  });
}

/** Hands on so many bytes of the answer's body, and then nothing more, on a connection that stays. */
export function silentAfter(bytes: number): HttpFault {
  return handingOn((answer, to) => firstBytes(answer, to, bytes));
}

/** Hands the answer's body on in pieces, with a pause before each. */
export function drip(bytes: number, milliseconds: number): HttpFault {
  return handingOn(async (answer, to) => {
    for await (const chunk of answer) {
      for (let at = 0; at < chunk.length; at += bytes) {
        await sleep(milliseconds);
        if (to.destroyed) return;
        to.write(chunk.subarray(at, at + bytes));
      }
    }
    to.end();
  });
}

/** Ends both connections when the server was sent so many bytes of the caller's body. */
export function cutUploadAfter(bytes: number): HttpFault {
  return async ({ ask, handOn }) => {
    handOn(
      await ask(async (from, to) => {
        await firstBytes(from, to, bytes);
        from.socket.destroy();
      }),
    );
  };
}

/** Sends the server so many bytes of the caller's body, and the rest when `goOn` settles; both connections stand meanwhile. */
export function stallUploadAfter(bytes: number, goOn: Promise<void>): HttpFault {
  return async ({ ask, handOn }) => {
    handOn(
      await ask(async (from, to) => {
        await firstBytes(from, to, bytes);
        await goOn;
        from.pipe(to);
      }),
    );
  };
}

function handingOn(body: BodyHandler): HttpFault {
  return async ({ ask, handOn }) => handOn(await ask(), body);
}

function takeBody({ request, response }: HttpExchange): void {
  if (request.headers.expect !== undefined) response.writeContinue();
  request.resume();
}

/** Moves so many bytes; what is behind them stays to be read. */
async function firstBytes(from: IncomingMessage, to: Writable, bytes: number): Promise<void> {
  let left = bytes;
  if (left === 0) return;
  for await (const chunk of from.iterator({ destroyOnReturn: false })) {
    const part = (chunk as Buffer).subarray(0, left);
    left -= part.length;
    await new Promise<void>((resolve) => to.write(part, () => resolve()));
    if (left > 0) continue;
    if (part.length < chunk.length) from.unshift(chunk.subarray(part.length));
    return;
  }
}
