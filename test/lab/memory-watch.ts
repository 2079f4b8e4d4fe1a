import { readFileSync } from 'node:fs';

/** The memory of a process that is in RAM now. */
function residentBytes(pid: number): number {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}

/** Watches the memory of a process from now on: what it was, and the most it came to until `end`. */
export class MemoryWatch {
  readonly atRest: number;
  peak = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.atRest = residentBytes(pid);
    this.#timer = setInterval(() => {
      this.peak = Math.max(this.peak, residentBytes(pid));
    }, 100);
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
