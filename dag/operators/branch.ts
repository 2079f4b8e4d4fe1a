import { z } from 'zod';
import { plain } from '../json.ts';
import type { Operation, Operator } from './operator.ts';
import { conditionField } from './short-circuit.ts';

export type BranchOptions = {
  /** The tasks of the first condition that holds are chosen. A condition is a template that comes to true or false. */
  readonly when: readonly { readonly if: string; readonly then: string | readonly string[] }[];
  /** The tasks that are chosen when none holds. Default: none. */
  readonly else?: string | readonly string[];
};

/**
 * Chooses among the tasks directly downstream of it; those that are not chosen are skipped, and with them what only hangs
 * on them. Its XCom is the list of the chosen task ids.
 */
export function branch(options: BranchOptions): Operation {
  return { action: { kind: 'choose', operator: 'branch', input: plain(options) } };
}

const taskIds = z
  .union([z.string().min(1), z.array(z.string().min(1))])
  .transform((ids) => (typeof ids === 'string' ? [ids] : ids))
  .describe('a task id, or a list of task ids');

export const branchInput = z
  .strictObject({
    when: z
      .array(
        z
          // biome-ignore lint/suspicious/noThenProperty: of JSON, never awaited.
          .strictObject({ if: conditionField, then: taskIds })
          .describe('an object such as {"if": "{{ xcom.count > 0 }}", "then": ["load"]}'),
      )
      .min(1)
      .describe('a list such as [{"if": "{{ xcom.count > 0 }}", "then": ["load"]}]'),
    else: taskIds.default([]),
  })
  .describe('an object such as {"when": [{"if": "{{ xcom.count > 0 }}", "then": ["load"]}], "else": ["warn"]}');

export const BRANCH: Operator = { kind: 'choose', input: branchInput, hiveql: [] };

/** The task ids that the input of a branch names, as far as it is right. */
export function branchTargets(input: unknown): readonly string[] {
  const { when, else: otherwise } = (input ?? {}) as { readonly when?: unknown; readonly else?: unknown };
  const thens = Array.isArray(when) ? when.map((each) => (each as { readonly then?: unknown } | null)?.then) : [];
  return [...thens, otherwise].flat().filter((id): id is string => typeof id === 'string');
}
