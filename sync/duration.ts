const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(0|[1-9]\d{0,9})(ms|s|m|h|d)$/;

/** What a duration looks like, for messages: "x is not <this>". */
export const DURATION_NOUN = 'a duration: a whole number and ms, s, m, h or d, such as "30s"';

/** '30s' -> 30000, '0s' -> 0; undefined: not a duration. Units cannot be mixed or left out. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  return match === null ? undefined : Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}

/** 86400000 -> '1d': in the largest unit that holds it without a rest, so that parseDuration gives it back. */
export function formatDuration(milliseconds: number): string {
  const units = Object.entries(UNITS).reverse();
  const [unit, size] = units.find(([, each]) => milliseconds >= each && milliseconds % each === 0) ?? ['ms', 1];
  return `${milliseconds / size}${unit}`;
}
