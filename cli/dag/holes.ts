import type { IntervalRow } from './interval-row.ts';

/** An interval that is due and that nobody knows a run of. */
export type Hole = {
  readonly start: string;
  readonly end: string;
  /** Before the first run that anybody knows of, an interval may have run and been forgotten since, or never been meant to run. */
  readonly because: 'no run is known' | 'before the first run that is known';
};

/** Holes that stand side by side: what one backfill fills. */
export type HoleRange = { readonly from: string; readonly to: string; readonly count: number };

/** `firstKnown`: the start of the first interval that the run memory or Temporal knows a run of. */
export function holesOf(rows: readonly IntervalRow[], firstKnown: string | undefined): readonly Hole[] {
  const first = firstKnown === undefined ? Number.POSITIVE_INFINITY : Date.parse(firstKnown);
  return rows
    .filter(({ state }) => state === 'unknown')
    .map(({ interval: { start, end } }) => ({
      start,
      end,
      because: Date.parse(start) < first ? 'before the first run that is known' : 'no run is known',
    }));
}

/** Joins holes of which each one starts where the one before it ends. */
export function holeRanges(holes: readonly Hole[]): readonly HoleRange[] {
  const ranges: (HoleRange & { readonly end: string })[] = [];
  for (const { start, end } of holes) {
    const last = ranges.at(-1);
    if (last?.end === start) ranges.splice(-1, 1, { ...last, to: start, end, count: last.count + 1 });
    else ranges.push({ from: start, to: start, end, count: 1 });
  }
  return ranges.map(({ from, to, count }) => ({ from, to, count }));
}
