import { Socket } from 'node:net';

type Done = (error?: Error | null) => void;

/**
 * A connection whose answer can still be read after the server stopped taking bytes.
 *
 * A datanode that refuses a file answers and closes at once, while the bytes of the file are on their way; the kernel
 * then fails a write (EPIPE, ECONNRESET) although the answer has arrived. Node would destroy the socket for that write
 * and lose the answer; here the failure is only told to `broken`, and reading goes on to the answer or to the real end.
 */
export class UploadSocket extends Socket {
  readonly #broken: (error: Error) => void;

  constructor(broken: (error: Error) => void) {
    super();
    this.#broken = broken;
  }

  override _write(chunk: unknown, encoding: BufferEncoding, done: Done): void {
    super._write(chunk, encoding, this.#tolerate(done));
  }

  override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], done: Done): void {
    super._writev?.(chunks, this.#tolerate(done));
  }

  #tolerate(done: Done): Done {
    return (error) => {
      const { code } = (error ?? {}) as NodeJS.ErrnoException;
      if (error === undefined || error === null || (code !== 'EPIPE' && code !== 'ECONNRESET')) return done(error);
      this.#broken(error);
      done();
    };
  }
}
