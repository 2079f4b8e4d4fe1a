import { IANAZone } from 'luxon';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** No zone has moved its clocks twice in a week. */
const STEP_MS = 7 * DAY_MS;
// Temporal's server looks names up as they are spelled: 'europe/berlin' is no zone there.
const SPELLED = /^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/;

/** Where a zone's clocks are moved: the moment, and the minutes they are ahead of UTC before and after it. */
export type Transition = { readonly at: number; readonly before: number; readonly after: number };

/** Whether it is the name of a zone of the IANA database, in its usual spelling. */
export function isZone(name: string): boolean {
  if (!SPELLED.test(name) || !IANAZone.isValidZone(name)) return false;
  const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  return known === name || known.toLowerCase() !== name.toLowerCase();
}

/** Minutes that the zone's clocks are ahead of UTC at a moment (milliseconds since 1970). */
export function offsetAt(zone: string, at: number): number {
  return zone === 'UTC' ? 0 : IANAZone.create(zone).offset(at);
}

/** What the zone's clocks show, as the milliseconds at which a clock of UTC shows the same. */
export function toLocal(zone: string, at: number): number {
  return at + offsetAt(zone, at) * MINUTE_MS;
}

/**
 * When the zone's clocks show a local time (in the form of toLocal): the first time where they show it twice. Where they
 * never show it, `exists` is false and `at` as much later than the gap's begin.
 */
export function fromLocal(zone: string, local: number): { readonly at: number; readonly exists: boolean } {
  const before = local - offsetAt(zone, local - DAY_MS) * MINUTE_MS;
  const after = local - offsetAt(zone, local + DAY_MS) * MINUTE_MS;
  const shown = [before, after].filter((at) => toLocal(zone, at) === local);
  return shown.length === 0 ? { at: before, exists: false } : { at: Math.min(...shown), exists: true };
}

/** The transitions in [from, to], in order. */
export function transitions(zone: string, from: number, to: number): readonly Transition[] {
  const found: Transition[] = [];
  for (let start = from; start < to; start += STEP_MS) {
    const end = Math.min(start + STEP_MS, to);
    const [before, after] = [offsetAt(zone, start), offsetAt(zone, end)];
    if (before !== after) found.push({ at: firstAfter(zone, start, end), before, after });
  }
  return found;
}

/** The first whole second at which the zone's offset is no longer that of `start`. */
function firstAfter(zone: string, start: number, end: number): number {
  const before = offsetAt(zone, start);
  let [low, high] = [Math.floor(start / 1_000), Math.ceil(end / 1_000)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle * 1_000) === before) low = middle;
    else high = middle;
  }
  return high * 1_000;
}
