import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { ROOT } from '../layers/imports.ts';
import { bundle, quietRuntime } from '../workflow/test-environment.ts';
import { DAG_SCENARIOS } from './dag-scenarios.ts';
import { HISTORIES, KILLED, SCENARIOS } from './scenarios.ts';

const folder = join(ROOT, HISTORIES);
const files = readdirSync(folder).sort();

function read(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>;
}

describe('a run in flight goes on under this version: replay of', () => {
  let workflowBundle: WorkflowBundle;
  beforeAll(async () => {
    quietRuntime();
    workflowBundle = await bundle();
  }, 60_000);

  it.each(files)('%s', async (file) => {
    await expect(Worker.runReplayHistory({ workflowBundle }, read(file))).resolves.toBeUndefined();
  });

  it('fails where a step came in another place', async () => {
    const text = JSON.stringify(read('complete-0.1.0.json'));
    const swapped = text.replaceAll('"planNodes"', '"ensureTable"');
    expect(swapped).not.toBe(text);
    await expect(Worker.runReplayHistory({ workflowBundle }, JSON.parse(swapped))).rejects.toThrow(
      DeterminismViolationError,
    );
  });

  it('there is a history of every scenario', () => {
    expect(files).toEqual(
      [...Object.keys(SCENARIOS), KILLED, ...Object.keys(DAG_SCENARIOS)].map((name) => `${name}-0.1.0.json`).sort(),
    );
  });
});
