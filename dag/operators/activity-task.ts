import { plain } from '../json.ts';
import type { Json } from '../spec.ts';
import { jsonField } from '../spec-schema.ts';
import type { Operation, Operator } from './operator.ts';

export type ActivityTaskOptions = {
  /** The name under which your worker registers it, and which temporal.config.ts lists for DAGs. */
  readonly activity: string;
  /** Its one argument, in which every text is a template. Default: null. */
  readonly input?: Json;
};

/** Runs an activity of your own. What it returns is the XCom: JSON of at most 64 KiB. It may run more than once. */
export function activityTask({ activity, input }: ActivityTaskOptions): Operation {
  return { action: { kind: 'activity', operator: 'activityTask', activity, input: plain(input ?? null) } };
}

export const ACTIVITY_TASK: Operator = { kind: 'activity', input: jsonField, hiveql: [] };
