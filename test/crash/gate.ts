import { FerryError } from '../../errors/ferry-error.ts';
import { CHANGES, guardPort } from '../guard-port.ts';

/** What a killed process does: nothing any more. Not a FerryError, so that no code of the engine can mistake it for an answer. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/**
 * crash-before, crash-after: the attempt dies before or after the call takes effect. lost-before, lost-after: the call
 * fails with a broken connection, having had no effect or all of it. pause-before: the attempt sleeps while something
 * else happens, and wakes up later.
 */
export type Fault = 'crash-before' | 'crash-after' | 'lost-before' | 'lost-after' | 'pause-before';

/** What attributes() answers decides about attributes only, never about a move. */
const NO_LOOK = /\.attributes\(/;

export type GateOptions = {
  /** The number of the call at which the fault happens; the first one is 1. */
  readonly at?: number;
  /** Which calls are counted. Default: those that change something. */
  readonly count?: 'changes' | 'all';
  readonly fault?: Fault;
  /** What happens while the attempt sleeps. */
  readonly meanwhile?: () => Promise<void>;
  /** Looks at the world after each change. */
  readonly check?: (call: string) => void;
};

/** Stands between an attempt and all of its ports; counts the calls and lets one fault happen. */
export class Gate {
  calls = 0;
  dead = false;
  /** The name of the call at which the fault happened. */
  hit = '';
  readonly #options: GateOptions;

  constructor(options: GateOptions = {}) {
    this.#options = options;
  }

  async through<T>(name: string, call: () => Promise<T>): Promise<T> {
    const { at, count = 'changes', fault, meanwhile, check } = this.#options;
    if (this.dead) throw new Crash(name);
    const changes = CHANGES.test(name);
    const counted = changes || (count === 'all' && !NO_LOOK.test(name));
    if (counted) this.calls += 1;
    const now = counted && this.calls === at;
    if (now) this.hit = name;
    if (now && fault === 'crash-before') this.#die(name);
    if (now && fault === 'lost-before') throw new FerryError('CONNECTION_LOST', `${name}: the connection broke`);
    if (now && fault === 'pause-before') await meanwhile?.();
    const result = await call();
    if (changes) check?.(name);
    if (now && fault === 'crash-after') this.#die(name);
    if (now && fault === 'lost-after') throw new FerryError('CONNECTION_LOST', `${name}: the connection broke`);
    return result;
  }

  #die(name: string): never {
    this.dead = true;
    throw new Crash(name);
  }

  /** The same port with every call through this gate. */
  guard<T extends object>(port: T, name: string): T {
    return guardPort(port, name, (call, make) => this.through(call, make));
  }
}
