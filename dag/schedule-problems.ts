import { shown } from '../sync/problems.ts';
import { type Cron, cronAfter, parseCron } from './cron.ts';
import { type Timetable, timetableOf } from './timetable.ts';
import { type Transition, transitions } from './zone.ts';

const MINUTE_MS = 60_000;

/** The local times that clocks skip or show twice at a transition: [start, end), in the form of zone.ts, toLocal. */
type Span = { readonly kind: 'skipped' | 'repeated'; readonly start: number; readonly end: number };

/**
 * What is wrong with a schedule: it is no cron, or between two moments (milliseconds since 1970) it is due at a local time
 * that the zone's clocks skip in spring or show twice in autumn. Temporal drops or repeats such a run, so the schedule is
 * refused, with what to write instead.
 */
export function scheduleProblems(
  schedule: string,
  timezone: string,
  range: { readonly from: number; readonly to: number },
): readonly string[] {
  const cron = parseCron(schedule);
  if ('problem' in cron) return [cron.problem];
  const timetable = timetableOf(schedule, timezone);
  const hits = hitsOf(timetable, transitions(timezone, range.from, range.to).map(spanOf));
  const [hit] = hits;
  if (hit === undefined) return [];
  const other = hits.find(({ span }) => span.kind !== hit.span.kind);
  const found = [hit, ...(other === undefined ? [] : [other])].map(tell).join(', and ');
  return [`${shown(schedule)} in ${timezone} is due at ${found}; ${wayOut(cron, timezone, range)}`];
}

type Hit = { readonly span: Span; readonly at: number };

function hitsOf(timetable: Timetable, spans: readonly Span[]): readonly Hit[] {
  if (timetable.kind === 'every') return [];
  return spans
    .map((span) => ({ span, at: cronAfter(timetable.cron, span.start - 1) }))
    .filter(({ span, at }) => at < span.end);
}

function spanOf({ at, before, after }: Transition): Span {
  const [low, high] = [Math.min(before, after), Math.max(before, after)];
  return { kind: after > before ? 'skipped' : 'repeated', start: at + low * MINUTE_MS, end: at + high * MINUTE_MS };
}

function tell({ span, at }: Hit): string {
  const [date, time] = [dateText(at), timeText(at)];
  return span.kind === 'skipped'
    ? `${time}, which the clocks skip on ${date} (from ${timeText(span.start)} to ${timeText(span.end)})`
    : `${time}, which the clocks show twice on ${date} (from ${timeText(span.end)} back to ${timeText(span.start)})`;
}

function wayOut(cron: Cron, timezone: string, range: { readonly from: number; readonly to: number }): string {
  const instead = cron.hours.length === 1 ? laterHours(cron) : [];
  const free = instead.find((text) => {
    const spans = transitions(timezone, range.from, range.to).map(spanOf);
    return hitsOf(timetableOf(text, timezone), spans).length === 0;
  });
  const utc = 'timezone: "UTC", which has no such hours';
  return free === undefined ? `write ${utc}` : `write ${shown(free)}, or ${utc}`;
}

/** The same cron some hours later. */
function laterHours({ text, hours }: Cron): readonly string[] {
  const [minute, , ...days] = text.split(' ');
  const hour = hours[0] ?? 0;
  return [1, 2, 3].filter((more) => hour + more < 24).map((more) => [minute, hour + more, ...days].join(' '));
}

function dateText(local: number): string {
  return new Date(local).toISOString().slice(0, 10);
}

function timeText(local: number): string {
  return new Date(local).toISOString().slice(11, 16);
}
