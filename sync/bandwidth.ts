import type { Budget } from '../storage/budget.ts';

/** The bytes a second that all streams of one worker share: what is read of the source, and what is read back to verify it. */
export type Bandwidth = Budget;

export const UNLIMITED: Bandwidth = { take: async () => {} };
