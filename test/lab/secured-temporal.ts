import { readFileSync } from 'node:fs';
import {
  connect,
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

export type SecuredTemporalOptions = {
  /** 'host:port' of a server without TLS. */
  readonly address: string;
  readonly cert: string;
  readonly key: string;
  /** Clients have to show a certificate of this authority. */
  readonly ca: string;
  /** Clients have to send this API key. */
  readonly apiKey: string;
};

/** What grpc answers to who has no right key: in headers alone, since there is no message. */
const UNAUTHENTICATED = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16' };

/** Puts TLS, client certificates and an API key before a Temporal server that knows neither, as Temporal Cloud has them. */
export class SecuredTemporal {
  readonly #server: Http2SecureServer;
  readonly #behind;
  #served = 0;

  constructor({ address, cert, key, ca, apiKey }: SecuredTemporalOptions) {
    this.#behind = connect(`http://${address}`);
    const pem = (file: string) => readFileSync(file);
    this.#server = createSecureServer({
      ...{ cert: pem(cert), key: pem(key), ca: pem(ca) },
      ...{ requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] },
    });
    this.#server.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      if (headers.authorization !== `Bearer ${apiKey}`) {
        stream.respond({ ...UNAUTHENTICATED, 'grpc-message': 'Request unauthorized.' }, { endStream: true });
        return;
      }
      this.#served += 1;
      this.#pass(stream, headers);
    });
    this.#server.on('sessionError', () => {});
  }

  /** Calls that were let in so far. */
  get served(): number {
    return this.#served;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#behind.destroy();
  }

  #pass(stream: ServerHttp2Stream, { ':scheme': _, ':authority': __, ...headers }: IncomingHttpHeaders): void {
    const call = this.#behind.request(headers);
    let trailers: IncomingHttpHeaders = {};
    call.on('error', () => stream.destroy());
    stream.on('close', () => call.close());
    call.on('trailers', (told) => {
      trailers = told;
    });
    call.on('response', (answer, flags) => {
      const isLast = (flags & END_STREAM) !== 0;
      stream.respond(answer, isLast ? { endStream: true } : { waitForTrailers: true });
      if (!isLast) call.pipe(stream);
    });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.pipe(call);
  }
}

const END_STREAM = 0x1;
