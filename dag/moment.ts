import { fromLocal } from './zone.ts';

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d\d-\d\d$/;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** What a moment looks like, for messages: "x is not <this>". */
export const MOMENT_NOUN = 'a date such as "2026-11-01", or a moment with its offset such as "2026-11-01T03:00:00Z"';

/** RFC 3339, UTC, without fractions where there are none: '2026-11-24T03:00:00Z'. */
export function formatMoment(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('.000Z', 'Z');
}

/** The milliseconds since 1970 of an RFC 3339 text; undefined: it is none. */
export function parseMoment(text: string): number | undefined {
  if (!RFC_3339.test(text) || !isDate(text.slice(0, 10))) return undefined;
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

/** A moment, or the first one of a date in that zone. */
export function momentOrDayStart(text: string, timezone: string): number | undefined {
  return isDate(text) ? fromLocal(timezone, Date.parse(text)).at : parseMoment(text);
}

/** A moment, or the last whole second of a date in that zone, so that "to" a date takes the date in. */
export function momentOrDayEnd(text: string, timezone: string): number | undefined {
  return isDate(text) ? fromLocal(timezone, Date.parse(text) + DAY_MS).at - 1_000 : parseMoment(text);
}

/** A day of the calendar: JavaScript would take 2026-02-30 for the 2nd of March. */
function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const epochMs = Date.parse(text);
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(text);
}
