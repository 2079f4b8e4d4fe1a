import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PRESETS } from '../../../dag/cron.ts';
import { dagOptionsSchema, taskOptionsSchema } from '../../../dag/dag-options-schema.ts';
import { OPERATORS } from '../../../dag/operators/operators.ts';
import { taskVariables } from '../../../dag/render.ts';
import { FILTER_NAMES } from '../../../dag/template.ts';
import { TRIGGER_RULES } from '../../../dag/trigger-rules.ts';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'operators.md'), 'utf8').replace(
  /^```[\s\S]*?^```$/gm,
  '',
);

/** The words that stand in backticks. */
const named = new Set([...page.matchAll(/`([^`]+)`/g)].map(([, word]) => word));

const context = {
  dagId: 'd',
  runId: 'r',
  runType: 'manual',
  interval: { start: '2026-11-24T03:00:00Z', end: '2026-11-25T03:00:00Z' },
  timezone: 'UTC',
  params: {},
} as const;

describe('docs/operators.md names', () => {
  it.each([
    ['operator', Object.keys(OPERATORS)],
    ['filter', FILTER_NAMES],
    ['variable', Object.keys(taskVariables(context, { xcom: {}, item: 1, mapIndex: 0 }))],
    ['trigger rule', TRIGGER_RULES],
    ['preset', Object.keys(PRESETS)],
    ['option of a DAG', Object.keys(dagOptionsSchema.shape)],
    ['option of a task', Object.keys(taskOptionsSchema.shape)],
  ])('every %s', (_, names) => {
    expect(names.filter((name) => !named.has(name))).toEqual([]);
  });
});
