import { NOTHING_TO_COPY, nodeRef, type Script } from '../workflow/fake-activities.ts';

/** A run whose history is kept: how its activities behave, and where it is cancelled, or paused and resumed. */
export type Scenario = { readonly script: Script; readonly cancelAt?: string; readonly pauseAt?: string };

const RETRYABLE = { published: 3, failed: 1, retryable: 1 };

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  complete: { script: {} },
  'nothing-to-do': { script: { plan: NOTHING_TO_COPY } },
  'partial-after-rounds': {
    script: {
      loads: { 'load-2': RETRYABLE, 'load-2-r2': { published: 0, failed: 1, retryable: 1 } },
      rounds: { 2: [nodeRef(2, { round: 2, partitions: 1 })] },
    },
  },
  'node-failed': { script: { loads: { 'load-2': { throws: 'QUOTA_EXCEEDED' } } } },
  refused: { script: { throws: { ensureTable: ['DRIFT_INCOMPATIBLE', 'amount is float here and int there'] } } },
  'wrong-input': { script: { throws: { resolveInput: ['SPEC_INVALID', 'table: is missing'] } } },
  cancelled: { script: { loads: { 'load-2': 'until-cancelled' } }, cancelAt: 'load-2' },
  paused: { script: { loads: { 'load-2': ['until-cancelled', {}] } }, pauseAt: 'load-2' },
  'cancelled-refreshing': { script: { hangs: 'refreshMetadata' }, cancelAt: 'refresh' },
};

/** The history of the sync whose worker was killed, which needs processes of its own: see killed-run. */
export const KILLED = 'killed-and-resumed';

export const HISTORIES = 'test/replay/histories';
