/** When a task may start, by the ends of its upstream tasks; the names and meanings are Airflow's. */
export const TRIGGER_RULES = [
  'all_success',
  'all_failed',
  'all_done',
  'one_success',
  'one_failed',
  'one_done',
  'none_failed',
  'none_failed_min_one_success',
  'none_skipped',
  'all_skipped',
  'always',
] as const;

export type TriggerRule = (typeof TRIGGER_RULES)[number];

/** Where an upstream task stands for the rules; an instance of a mapped one counts as a task of its own, as in Airflow. */
export type UpstreamState = 'pending' | 'success' | 'failed' | 'upstream_failed' | 'skipped';

/** start, or an end without having run, or wait for more of the upstream tasks to end. */
export type Decision = 'wait' | 'start' | 'skipped' | 'upstream_failed';

type Counts = {
  readonly all: number;
  readonly done: number;
  readonly success: number;
  readonly failed: number;
  readonly upstreamFailed: number;
  readonly skipped: number;
};

/**
 * What a rule says of a task with these upstream tasks; one without any starts. As Airflow's TriggerRuleDep: an end that
 * no later state can avert is decided before all upstream tasks are done.
 */
export function decide(rule: TriggerRule, upstream: readonly UpstreamState[]): Decision {
  if (upstream.length === 0) return 'start';
  return RULES[rule](countsOf(upstream));
}

const RULES: Readonly<Record<TriggerRule, (counts: Counts) => Decision>> = {
  all_success: ({ all, success, failed, upstreamFailed, skipped }) => {
    if (failed + upstreamFailed > 0) return 'upstream_failed';
    if (skipped > 0) return 'skipped';
    return success === all ? 'start' : 'wait';
  },
  all_failed: ({ all, success, failed, upstreamFailed, skipped }) => {
    if (success + skipped > 0) return 'skipped';
    return failed + upstreamFailed === all ? 'start' : 'wait';
  },
  all_done: ({ all, done }) => (done === all ? 'start' : 'wait'),
  one_success: ({ all, done, success, skipped }) => {
    if (success > 0) return 'start';
    if (done < all) return 'wait';
    return skipped === all ? 'skipped' : 'upstream_failed';
  },
  one_failed: ({ all, done, failed, upstreamFailed }) => {
    if (failed + upstreamFailed > 0) return 'start';
    return done === all ? 'skipped' : 'wait';
  },
  // An upstream task that never ran is not done in the sense of this rule.
  one_done: ({ all, done, success, failed }) => {
    if (success + failed > 0) return 'start';
    return done === all ? 'skipped' : 'wait';
  },
  none_failed: ({ all, done, failed, upstreamFailed }) => {
    if (failed + upstreamFailed > 0) return 'upstream_failed';
    return done === all ? 'start' : 'wait';
  },
  none_failed_min_one_success: ({ all, done, failed, upstreamFailed, skipped }) => {
    if (failed + upstreamFailed > 0) return 'upstream_failed';
    if (skipped === all) return 'skipped';
    return done === all ? 'start' : 'wait';
  },
  none_skipped: ({ all, done, skipped }) => {
    if (skipped > 0) return 'skipped';
    return done === all ? 'start' : 'wait';
  },
  all_skipped: ({ all, success, failed, upstreamFailed, skipped }) => {
    if (success + failed + upstreamFailed > 0) return 'skipped';
    return skipped === all ? 'start' : 'wait';
  },
  always: () => 'start',
};

function countsOf(upstream: readonly UpstreamState[]): Counts {
  const count = (state: UpstreamState) => upstream.filter((each) => each === state).length;
  return {
    all: upstream.length,
    done: upstream.length - count('pending'),
    success: count('success'),
    failed: count('failed'),
    upstreamFailed: count('upstream_failed'),
    skipped: count('skipped'),
  };
}
