import type { Measured } from './measured-process.ts';

/** The runs of one shape: in each round every contender once, one after the other. */
export type Rounds = ReadonlyArray<Readonly<Record<string, Measured>>>;

export type Compared = Measured & {
  readonly name: string;
  /** How many times longer than the first contender, the median of the rounds' ratios; 1 for the first itself. */
  readonly ratio: number;
};

/**
 * Medians for each contender. Ratios are taken within a round before their median is, so that a machine whose speed
 * drifts between rounds does not decide who is ahead.
 */
export function compare(contenders: readonly string[], rounds: Rounds): readonly Compared[] {
  const [first = ''] = contenders;
  const each = <T>(name: string, take: (run: Measured, base: Measured) => T): T[] =>
    rounds.flatMap((round) => {
      const [run, base] = [round[name], round[first]];
      return run === undefined || base === undefined ? [] : [take(run, base)];
    });
  return contenders.map((name) => ({
    name,
    seconds: median(each(name, (run) => run.seconds)),
    cpuSeconds: median(each(name, (run) => run.cpuSeconds)),
    peakBytes: median(each(name, (run) => run.peakBytes)),
    ratio: median(each(name, (run, base) => run.seconds / base.seconds)),
  }));
}

/** NaN for no values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
