import { type CronExpression, CronExpressionParser } from 'cron-parser';
import { didYouMean, shown } from '../sync/problems.ts';

/** A cron of five fields: the values of each, ascending. Left out: every day of the month, or of the week (0: Sunday). */
export type Cron = {
  readonly text: string;
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth?: readonly number[];
  readonly months: readonly number[];
  readonly daysOfWeek?: readonly number[];
};

/** Airflow's presets. */
export const PRESETS: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@quarterly': '0 0 1 */3 *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

const FIELDS = 'minute, hour, day of month, month and day of week';
// One dialect that every reader of a cron agrees on: no L, W, #, ?, H, and no step after a single value.
const ITEM = /^(\*|(\d+|[a-z]{3})-(\d+|[a-z]{3}))(\/\d+)?$|^(\d+|[a-z]{3})$/i;

/** Reads a cron or a preset; else says what is wrong with it, as a message that names the text. */
export function parseCron(schedule: string): Cron | { readonly problem: string } {
  if (schedule.startsWith('@')) {
    const preset = Object.hasOwn(PRESETS, schedule) ? PRESETS[schedule] : undefined;
    return preset === undefined ? { problem: unknownPreset(schedule) } : parseCron(preset);
  }
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5 || schedule.trim() === '')
    return {
      problem: `${shown(schedule)} is not a cron of five fields (${FIELDS}) such as "0 3 * * *", nor one of ${Object.keys(PRESETS).join(', ')}`,
    };
  const odd = fields.find((field) => !field.split(',').every((item) => ITEM.test(item)));
  if (odd !== undefined)
    return {
      problem: `${shown(odd)} in ${shown(schedule)} is not a cron field: values, ranges "1-5", steps "*/15" and "0-30/10", and lists of them`,
    };
  return readFields(fields.join(' '), schedule);
}

function readFields(text: string, schedule: string): Cron | { readonly problem: string } {
  try {
    const { minute, hour, dayOfMonth, month, dayOfWeek } = CronExpressionParser.parse(text, { tz: 'UTC' }).fields;
    return {
      text,
      minutes: minute.values,
      hours: hour.values,
      ...(dayOfMonth.isWildcard ? {} : { daysOfMonth: dayOfMonth.values.map(Number) }),
      months: month.values,
      // Sunday is 0 and 7.
      ...(dayOfWeek.isWildcard
        ? {}
        : { daysOfWeek: [...new Set(dayOfWeek.values.map((day) => Number(day) % 7))].sort() }),
    };
  } catch (error) {
    return { problem: `${shown(schedule)} is not a cron: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The first local time of the cron after another (both as in zone.ts, toLocal). */
export function cronAfter(cron: Cron, local: number): number {
  return iterate(cron, local).next().getTime();
}

/** The last local time of the cron before another. */
export function cronBefore(cron: Cron, local: number): number {
  return iterate(cron, local).prev().getTime();
}

/** Parsing takes longer than a step, and a timetable is stepped through thousands of times. */
const parsed = new WeakMap<Cron, CronExpression>();

function iterate(cron: Cron, local: number): CronExpression {
  const known = parsed.get(cron);
  const currentDate = new Date(local);
  if (known !== undefined) {
    known.reset(currentDate);
    return known;
  }
  const expression = CronExpressionParser.parse(cron.text, { tz: 'UTC', currentDate });
  parsed.set(cron, expression);
  return expression;
}

function unknownPreset(schedule: string): string {
  const known = Object.keys(PRESETS);
  return schedule === '@once' || schedule === '@continuous'
    ? `${shown(schedule)} is no schedule of intervals; leave schedule out and start the run by hand`
    : `${shown(schedule)} is not one of ${known.join(', ')}${didYouMean(schedule, known)}`;
}
