import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { AttemptOrder } from './attempt.ts';

/** An attempt in a process of its own. It waits for its order, so that it can be started ahead of time. */
export class AttemptProcess {
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  #said = '';
  #stderr = '';
  readonly #heard = new Set<() => void>();

  constructor() {
    const script = join(__dirname, 'attempt-process.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script], {
      cwd: join(__dirname, '..', '..'),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString();
      this.#tell();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    child.stdin.on('error', () => {});
    this.ended = new Promise((resolve) => {
      child.once('close', () => {
        resolve();
        this.#tell();
      });
    });
  }

  order(order: AttemptOrder): void {
    this.#child.stdin?.end(JSON.stringify(order));
  }

  /** What it told of its calls, line by line. */
  get told(): readonly string[] {
    return this.#said.split('\n').slice(0, -1);
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The call before which it stopped; undefined: it ended without. */
  async stopped(): Promise<string | undefined> {
    let over = false;
    void this.ended.then(() => {
      over = true;
    });
    for (;;) {
      const stop = this.told.find((line) => line.startsWith('stop '));
      if (stop !== undefined) return stop.slice('stop '.length);
      if (over) return undefined;
      await new Promise<void>((resolve) => this.#heard.add(resolve));
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #tell(): void {
    for (const heard of this.#heard) heard();
    this.#heard.clear();
  }
}
