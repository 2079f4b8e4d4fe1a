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
