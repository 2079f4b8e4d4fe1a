import type { Agent } from 'node:http';
import { type Client, createClient } from 'webhdfs';
import { FerryError } from '../../errors/ferry-error.ts';
import { onAbort } from '../on-abort.ts';
import type { Answer } from './answer.ts';
import { Deadline, type Deadlines } from './deadlines.ts';
import { networkFailure, whenConnected } from './network-failure.ts';
import { encodePath, type WebHdfsBase } from './url.ts';

/** What one request is for: `what` names it in messages, `milliseconds` bound the whole answer. */
export type Call = { readonly what: string; readonly signal: AbortSignal | undefined; readonly milliseconds: number };

/** The longest answer is an old server's listing of one whole folder, some 200,000 names; what is longer is something else. */
const LONGEST_ANSWER = 64 * 1024 * 1024;

/**
 * npm webhdfs on one namenode, narrowed to what it does well: it builds an operation's URL and sends the request.
 *
 * Its verdicts are switched off, since they lose what an answer means (no exception class, no status; 409, 429 and 5xx
 * are taken for redirects): every status comes back as an Answer. Redirects are not followed and no proxy of the
 * environment is used. Encoding, deadlines, abort and settling once are done here; docs/adr/0003 has the reasons.
 */
export class NamespaceClient {
  /** 'http://nn1:9870', for messages. */
  readonly where: string;
  readonly #client: Client;
  readonly #connectWithin: number;

  constructor(base: WebHdfsBase, agent: Agent, deadlines: Deadlines) {
    this.where = `${base.protocol}://${base.host}:${base.port}`;
    this.#connectWithin = deadlines.connect;
    this.#client = createClient(base, { agent, followRedirect: false, json: false, proxy: null });
    this.#client._isError = () => false;
    this.#client._isSuccess = () => true;
  }

  /** The URL of an operation on a literal path; the parameters are literal too. */
  endpoint(operation: string, path: string, parameters: Readonly<Record<string, string>>): string {
    return this.#client._getOperationEndpoint(operation, encodePath(path), parameters);
  }

  /** UNREACHABLE: proven not sent. DEADLINE, CONNECTION_LOST: sent, and the answer is not known. */
  send(method: string, url: string, headers: Readonly<Record<string, string>>, call: Call): Promise<Answer> {
    const { what, signal, milliseconds } = call;
    return new Promise((resolve, reject) => {
      let sent = false;
      let received = 0;
      let stop = () => {};
      const settle = (act: () => void) => {
        whole.clear();
        connecting.clear();
        stop();
        act();
      };
      // After abort() the package calls back no more.
      const giveUp = (error: unknown) => {
        request.abort();
        settle(() => reject(error));
      };
      const whole = new Deadline(what, this.where, giveUp);
      const connecting = new Deadline(what, this.where, giveUp);

      const request = this.#client._sendRequest(method, url, { headers }, (error, response, body) => {
        settle(() => {
          if (error !== null) reject(networkFailure(error, what, this.where, sent));
          else resolve({ status: response.statusCode ?? 0, headers: response.headers, body: String(body ?? '') });
        });
      });
      request.on('socket', (socket) => {
        connecting.set(this.#connectWithin, 'connect');
        whenConnected(socket, () => {
          sent = true;
          connecting.clear();
        });
      });
      request.on('data', (chunk) => {
        received += chunk.length;
        if (received > LONGEST_ANSWER)
          giveUp(new FerryError('BAD_ANSWER', `${what}: more than ${LONGEST_ANSWER} bytes`));
      });
      whole.set(milliseconds, 'answer');
      stop = onAbort(signal, giveUp);
    });
  }
}
