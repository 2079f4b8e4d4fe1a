/** Takes one line of what is going on. */
export type Progress = (line: string) => void;

/** Progress on stderr, each line with the seconds since the start. */
export function progressOnStderr(startedAt = Date.now()): Progress {
  return (line) => {
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(6);
    process.stderr.write(`${seconds} s  ${line}\n`);
  };
}

/** Says every ten seconds that `what` is still going on, while `work` runs. */
export async function whileTelling<T>(progress: Progress, what: string, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => progress(`${what} ...`), 10_000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
