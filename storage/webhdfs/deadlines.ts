import { FerryError } from '../../errors/ferry-error.ts';

/** Milliseconds that a server may be silent before a call gives up. */
export type Deadlines = {
  /** For a connection to stand, name look-up and TLS included. */
  readonly connect: number;
  /** For a namenode's whole answer. */
  readonly call: number;
  /** For a datanode to say "100 Continue"; then the bytes go without it, since some gateways never do (RFC 9110, 10.1.1). */
  readonly ready: number;
  /** For a datanode to take or send the next bytes, or to confirm a file that was sent whole. */
  readonly idle: number;
  /** For a file's checksum: the datanodes may have to read the file for it. */
  readonly checksum: number;
};

export const DEFAULT_DEADLINES: Deadlines = {
  connect: 5_000,
  call: 30_000,
  ready: 5_000,
  idle: 25_000,
  checksum: 600_000,
};

/** One timer at a time over a request to `where`. Expiring is DEADLINE; UNREACHABLE while nothing could be sent yet. */
export class Deadline {
  readonly #what: string;
  readonly #where: string;
  readonly #expired: (error: FerryError) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(what: string, where: string, expired: (error: FerryError) => void) {
    this.#what = what;
    this.#where = where;
    this.#expired = expired;
  }

  /** Starts afresh. */
  set(milliseconds: number, waitsFor: 'connect' | 'answer' | 'take the next bytes' | 'send the next bytes'): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const code = waitsFor === 'connect' ? 'UNREACHABLE' : 'DEADLINE';
      const seconds = milliseconds / 1000;
      this.#expired(new FerryError(code, `${this.#what}: ${this.#where} did not ${waitsFor} within ${seconds} s`));
    }, milliseconds);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
