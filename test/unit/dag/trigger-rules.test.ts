import { describe, expect, it } from '@jest/globals';
import {
  type Decision,
  decide,
  TRIGGER_RULES,
  type TriggerRule,
  type UpstreamState,
} from '../../../dag/trigger-rules.ts';

const STATES = {
  p: 'pending',
  s: 'success',
  f: 'failed',
  u: 'upstream_failed',
  k: 'skipped',
} as const satisfies Record<string, UpstreamState>;
const DECISIONS = { W: 'wait', S: 'start', K: 'skipped', U: 'upstream_failed' } as const satisfies Record<
  string,
  Decision
>;

function upstream(letters: string): UpstreamState[] {
  return [...letters].map((letter) => STATES[letter as keyof typeof STATES]);
}

// The states of the upstream tasks, one letter a task: p(ending), s(uccess), f(ailed), u(pstream_failed), (s)k(ipped).
// Below each, what a rule says: W(ait), S(tart), (s)K(ipped), U(pstream_failed).
// biome-ignore format: a table
const COLUMNS = ['p', 's', 'f', 'u', 'k', 'pp', 'sp', 'fp', 'up', 'kp', 'ss', 'sf', 'su', 'sk', 'ff', 'fu', 'uu', 'fk', 'uk', 'kk', 'sfk'];
// biome-ignore format: a table
const TABLE: Readonly<Record<TriggerRule, string>> = {
  all_success:                 'W  S  U  U  K  W   W   U   U   K   S   U   U   K   U   U   U   U   U   K   U',
  all_failed:                  'W  K  S  S  K  W   K   W   W   K   K   K   K   K   S   S   S   K   K   K   K',
  all_done:                    'W  S  S  S  S  W   W   W   W   W   S   S   S   S   S   S   S   S   S   S   S',
  one_success:                 'W  S  U  U  K  W   S   W   W   W   S   S   S   S   U   U   U   U   U   K   S',
  one_failed:                  'W  K  S  S  K  W   W   S   S   W   K   S   S   K   S   S   S   S   S   K   S',
  one_done:                    'W  S  S  K  K  W   S   S   W   W   S   S   S   S   S   S   K   S   K   K   S',
  none_failed:                 'W  S  U  U  S  W   W   U   U   W   S   U   U   S   U   U   U   U   U   S   U',
  none_failed_min_one_success: 'W  S  U  U  K  W   W   U   U   W   S   U   U   S   U   U   U   U   U   K   U',
  none_skipped:                'W  S  S  S  K  W   W   W   W   K   S   S   S   K   S   S   S   K   K   K   K',
  all_skipped:                 'W  K  K  K  S  W   K   K   K   W   K   K   K   K   K   K   K   K   K   S   K',
  always:                      'S  S  S  S  S  S   S   S   S   S   S   S   S   S   S   S   S   S   S   S   S',
};

/** The sentences of Airflow's documentation ("Trigger Rules" in core-concepts/dags), as what they say of upstream tasks that are all done. */
const DOCUMENTED: Readonly<Record<TriggerRule, (states: readonly UpstreamState[]) => boolean>> = {
  // "All upstream tasks have succeeded"
  all_success: (states) => states.every((state) => state === 'success'),
  // "All upstream tasks are in a failed or upstream_failed state"
  all_failed: (states) => states.every((state) => state === 'failed' || state === 'upstream_failed'),
  // "All upstream tasks are done with their execution"
  all_done: () => true,
  // "At least one upstream task has succeeded (does not wait for all upstream tasks to be done)"
  one_success: (states) => states.includes('success'),
  // "At least one upstream task has failed (does not wait for all upstream tasks to be done)"; upstream_failed counts in its code
  one_failed: (states) => states.includes('failed') || states.includes('upstream_failed'),
  // "At least one upstream task succeeded or failed"
  one_done: (states) => states.includes('success') || states.includes('failed'),
  // "All upstream tasks have not failed or upstream_failed - that is, all upstream tasks have succeeded or been skipped"
  none_failed: (states) => !states.includes('failed') && !states.includes('upstream_failed'),
  // "All upstream tasks have not failed or upstream_failed, and at least one upstream task has succeeded."
  none_failed_min_one_success: (states) =>
    !states.includes('failed') && !states.includes('upstream_failed') && states.includes('success'),
  // "No upstream task is in a skipped state - that is, all upstream tasks are in a success, failed, or upstream_failed state"
  none_skipped: (states) => !states.includes('skipped'),
  // "All upstream tasks are in a skipped state"
  all_skipped: (states) => states.every((state) => state === 'skipped'),
  // "No dependencies at all, run this task at any time"
  always: () => true,
};

/** All lists of up to `length` states. */
function lists(length: number, states: readonly UpstreamState[]): readonly (readonly UpstreamState[])[] {
  if (length === 0) return [[]];
  const shorter = lists(length - 1, states);
  return [
    ...shorter,
    ...shorter.filter((list) => list.length === length - 1).flatMap((list) => states.map((each) => [...list, each])),
  ];
}

const ALL = lists(3, Object.values(STATES));
const DONE = ['success', 'failed', 'upstream_failed', 'skipped'] as const;

describe.each(TRIGGER_RULES)('%s', (rule) => {
  it('decides as its row says', () => {
    const row = TABLE[rule].split(/ +/).map((letter) => DECISIONS[letter as keyof typeof DECISIONS]);
    expect(COLUMNS.map((column) => [column, decide(rule, upstream(column))])).toEqual(
      COLUMNS.map((column, place) => [column, row[place]]),
    );
  });

  it('starts, once all upstream tasks are done, exactly where the documentation of Airflow says so', () => {
    const done = ALL.filter((states) => states.length > 0 && !states.includes('pending'));
    for (const states of done)
      expect([states, decide(rule, states) === 'start']).toEqual([states, DOCUMENTED[rule](states)]);
  });

  it('starts a task without upstream tasks', () => {
    expect(decide(rule, [])).toBe('start');
  });

  it('waits for nothing once all upstream tasks are done, and neither starts what it ended nor ends what it started', () => {
    for (const states of ALL) {
      const decision = decide(rule, states);
      const place = states.indexOf('pending');
      if (place < 0) {
        expect(decision).not.toBe('wait');
      } else if (decision !== 'wait') {
        const later = DONE.map((state) => decide(rule, states.with(place, state)));
        expect([states, later.map((each) => each === 'start')]).toEqual([states, DONE.map(() => decision === 'start')]);
        expect(later).not.toContain('wait');
      }
    }
  });
});
