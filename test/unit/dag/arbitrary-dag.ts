import fc from 'fast-check';
import type { SchedulableDag } from '../../../dag/scheduler.ts';
import type { Expand } from '../../../dag/spec.ts';
import { TRIGGER_RULES } from '../../../dag/trigger-rules.ts';

type Drawn = { readonly rule: number; readonly upstream: readonly boolean[]; readonly expand: number };

/** Any DAG of up to eight tasks in topological order: any edges, any rules, some tasks mapped over a list or over an upstream task. */
export const ARBITRARY_DAG: fc.Arbitrary<SchedulableDag> = fc
  .record({
    maxActiveTasks: fc.integer({ min: 1, max: 4 }),
    drawn: fc.array(
      fc.record({
        rule: fc.nat(TRIGGER_RULES.length - 1),
        upstream: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        expand: fc.nat(9),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  })
  .map(({ maxActiveTasks, drawn }) => ({ maxActiveTasks, tasks: drawn.map(taskOf) }));

function taskOf(drawn: Drawn, place: number): SchedulableDag['tasks'][number] {
  const upstream = drawn.upstream.slice(0, place).flatMap((is, above) => (is ? [idOf(above)] : []));
  const expand = expandOf(drawn.expand, upstream);
  return {
    taskId: idOf(place),
    upstream,
    triggerRule: TRIGGER_RULES[drawn.rule] ?? 'all_success',
    ...(expand === undefined ? {} : { expand }),
  };
}

function expandOf(drawn: number, upstream: readonly string[]): Expand | undefined {
  if (drawn < 3) return { over: Array<number>(drawn).fill(7) };
  const xcom = upstream[drawn - 3];
  return drawn < 5 && xcom !== undefined ? { over: { xcom } } : undefined;
}

function idOf(place: number): string {
  return `t${place}`;
}
