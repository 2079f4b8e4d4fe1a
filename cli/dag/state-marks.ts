import type { TaskState } from '../../dag/run.ts';
import type { Colors } from '../terminal.ts';

/** What an interval or a task can be in: a task's state, a run's, or one that nobody knows a run of. */
export type Marked = TaskState | 'queued' | 'paused' | 'waiting' | 'unknown';

const MARKS: Readonly<Record<Marked, readonly [string, keyof Colors]>> = {
  success: ['✓', 'green'],
  failed: ['✗', 'red'],
  upstream_failed: ['↑', 'yellow'],
  running: ['▸', 'cyan'],
  scheduled: ['○', 'reset'],
  none: ['·', 'dim'],
  skipped: ['»', 'dim'],
  cancelled: ['⊘', 'yellow'],
  queued: ['○', 'reset'],
  paused: ['‖', 'yellow'],
  waiting: ['✗', 'yellow'],
  unknown: ['?', 'magenta'],
};

/** One column wide; the mark itself says the state where there are no colors. */
export function markOf(state: Marked, colors: Colors): string {
  const [mark, color] = MARKS[state];
  return (colors[color] as (text: string) => string)(mark);
}

/** '✓ success  ✗ failed', of the states that are there. */
export function legendOf(states: ReadonlySet<Marked>, colors: Colors): string {
  const shown = (Object.keys(MARKS) as Marked[]).filter((state) => states.has(state));
  return shown.map((state) => `${markOf(state, colors)} ${state}`).join('  ');
}
