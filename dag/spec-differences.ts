import { isDeepStrictEqual } from 'node:util';
import { shown } from '../sync/problems.ts';
import type { DagSpec } from './spec.ts';

/**
 * What one spec says otherwise than another, a line a field: 'schedule: "0 3 * * *" -> "0 4 * * *"', 'tasks.load is new',
 * 'tasks.load.retries: 0 -> 2'. Tasks are told by their ids. Empty when a run would be the same.
 */
export function specDifferences(before: DagSpec, after: DagSpec): readonly string[] {
  return differences(byTask(before), byTask(after), '');
}

function byTask({ tasks, ...spec }: DagSpec): unknown {
  return plain({ ...spec, tasks: Object.fromEntries(tasks.map(({ taskId, ...task }) => [taskId, task])) });
}

function differences(before: unknown, after: unknown, path: string): readonly string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isObject(before) || !isObject(after)) {
    if (before === undefined) return [isObject(after) ? `${path} is new` : `${path}: ${shown(after)} is new`];
    return [after === undefined ? `${path} is gone` : `${path}: ${shown(before)} -> ${shown(after)}`];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As it comes back from a server: without fields that are undefined. */
function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}
