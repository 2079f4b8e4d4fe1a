import type { Code } from '../errors/codes.ts';
import type { Outcome } from '../sync/outcome.ts';

/** What the exit codes of `ferry` say. */
export const EXIT = {
  /** All of it, or nothing to do. */
  all: 0,
  none: 1,
  some: 2,
  /** As a whole, before a byte moved. */
  refused: 3,
  /** A cluster, Temporal or a worker could not be reached, or did not answer in a way that tells. */
  unknown: 4,
  cancelled: 5,
  usage: 64,
  config: 78,
  interrupted: 130,
} as const;

const REFUSED: readonly Code[] = [
  'ACCESS_READ_ONLY',
  'DATABASE_NOT_FOUND',
  'TABLE_NOT_FOUND',
  'TABLE_UNSUPPORTED',
  'DRIFT_INCOMPATIBLE',
  'PUBLISH_UNSUPPORTED',
  'LOCATION_UNSUPPORTED',
  'STAGE_APART',
  'QUOTA_EXCEEDED',
  'PRUNE_LIMIT',
  'SOURCE_RECREATED',
  'PARTITION_AMBIGUOUS',
  'INCOMPARABLE',
  'PLAN_STALE',
  'RUN_CLOSED',
  'NODE_TOO_LARGE',
  'NODE_TOO_SMALL',
];

const UNREACHED: readonly Code[] = [
  'UNREACHABLE',
  'DEADLINE',
  'CONNECTION_LOST',
  'STANDBY',
  'SAFE_MODE',
  'SERVER_ERROR',
  'BAD_ANSWER',
  'AUTH_REQUIRED',
];

/** Of a run that has ended. */
export function exitCodeOf(outcome: Pick<Outcome, 'outcome' | 'partitions' | 'failures'>): number {
  switch (outcome.outcome) {
    case 'complete':
    case 'nothing-to-do':
      return EXIT.all;
    case 'partial':
      return EXIT.some;
    case 'refused':
      return couldNotTell(outcome) ? EXIT.unknown : EXIT.refused;
    case 'cancelled':
      return EXIT.cancelled;
    case 'failed':
      return couldNotTell(outcome) ? EXIT.unknown : EXIT.none;
  }
}

/** Of an error that ended a command: it has no outcome. */
export function exitCodeOfError(code: Code): number {
  if (code === 'SPEC_INVALID' || code === 'CLUSTER_UNKNOWN') return EXIT.usage;
  if (code === 'CONFIG_INVALID') return EXIT.config;
  return REFUSED.includes(code) ? EXIT.refused : EXIT.unknown;
}

/** The run ended before it had a selection, and only because somebody did not answer. */
function couldNotTell({ partitions, failures }: Pick<Outcome, 'partitions' | 'failures'>): boolean {
  return partitions.selected === 0 && failures.length > 0 && failures.every(({ code }) => UNREACHED.includes(code));
}
