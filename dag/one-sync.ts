import type { DagSpec, DataInterval, Json } from './spec.ts';
import { toLocal } from './zone.ts';

/** One sync that copies the same as the runs of many intervals. */
export type OneSync = {
  readonly table: string;
  readonly source?: string;
  readonly target?: string;
  readonly where: string;
};

/** A column that is exactly the day: dt = '{{ ds }}', dt = {{ ds | hql }}, day = '{{ ds_nodash }}'. */
const BY_DAY = /^\s*(\w+)\s*=\s*(?:'\{\{-?\s*(ds|ds_nodash)\s*-?\}\}'|\{\{-?\s*(ds|ds_nodash)\s*\|\s*hql\s*-?\}\})\s*$/;
const FIELDS: readonly string[] = ['table', 'source', 'target', 'where'];
/** Of more days the predicate would be no longer something to type. */
const MOST_DAYS = 62;

/**
 * The sync that would do what the runs of these intervals do; undefined where there is none to be named: the DAG has to be
 * one syncTable and nothing else, of a `where` that goes by the day alone, without further options.
 */
export function asOneSync(
  { tasks, timezone }: Pick<DagSpec, 'tasks' | 'timezone'>,
  intervals: readonly DataInterval[],
): OneSync | undefined {
  const [task, other] = tasks;
  if (task === undefined || other !== undefined || task.expand !== undefined) return undefined;
  if (task.action.kind !== 'workflow') return undefined;
  const input = task.action.input as Readonly<Record<string, Json>>;
  const { table, source, target, where } = input;
  const plain = [table, source, target].every((each) => each === undefined || isPlain(each));
  if (typeof where !== 'string' || typeof table !== 'string' || !plain) return undefined;
  if (Object.keys(input).some((field) => !FIELDS.includes(field))) return undefined;
  const [, column, quoted, piped] = BY_DAY.exec(where) ?? [];
  const days = [...new Set(intervals.map(({ start }) => dayOf(timezone, start)))];
  if (column === undefined || days.length < 2 || days.length > MOST_DAYS) return undefined;
  const values = days.map((day) => `'${(quoted ?? piped) === 'ds' ? day : day.replaceAll('-', '')}'`);
  return {
    table,
    ...(typeof source === 'string' ? { source } : {}),
    ...(typeof target === 'string' ? { target } : {}),
    where: `${column} in (${values.join(', ')})`,
  };
}

function dayOf(timezone: string, moment: string): string {
  return new Date(toLocal(timezone, Date.parse(moment))).toISOString().slice(0, 10);
}

function isPlain(value: Json): boolean {
  return typeof value === 'string' && !value.includes('{{');
}
