/**
 * Records the histories that every later version has to replay, once a release: `npx tsx test/replay/record.ts`.
 * Those of earlier releases stay as they are; a recorded file is never written again.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { PAUSE, RESUME } from '../../workflows/messages.ts';
import { openDagStage } from '../workflow/dag-stage.ts';
import { endOf, untilStarted } from '../workflow/run-end.ts';
import { type Handle, openStage } from '../workflow/test-environment.ts';
import { DAG_SCENARIOS } from './dag-scenarios.ts';
import { withKilledRun } from './killed-run.ts';
import { HISTORIES, KILLED, SCENARIOS } from './scenarios.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
mkdirSync(HISTORIES, { recursive: true });
await recordSyncs();
if (!existsSync(fileOf(KILLED))) await withKilledRun((handle, ended) => keep(KILLED, handle, ended));
await recordDags();

async function recordSyncs(): Promise<void> {
  const stage = await openStage();
  try {
    for (const [name, { script, cancelAt, pauseAt }] of Object.entries(SCENARIOS)) {
      if (existsSync(fileOf(name))) continue;
      const { handle } = await stage.start(script);
      if (cancelAt !== undefined) {
        await untilStarted(handle, cancelAt);
        await handle.cancel();
      }
      if (pauseAt !== undefined) {
        await untilStarted(handle, pauseAt);
        await handle.executeUpdate(PAUSE);
        await handle.executeUpdate(RESUME);
      }
      const { kind } = await endOf(handle);
      await keep(name, handle, kind);
    }
  } finally {
    await stage.close();
  }
}

async function recordDags(): Promise<void> {
  const stage = await openDagStage();
  try {
    for (const [name, scenario] of Object.entries(DAG_SCENARIOS)) {
      if (existsSync(fileOf(name))) continue;
      const handle = await scenario(stage);
      await keep(name, handle, (await handle.describe()).status.name);
    }
  } finally {
    await stage.close();
  }
}

function fileOf(name: string): string {
  return join(HISTORIES, `${name}-${version}.json`);
}

async function keep(name: string, handle: Handle, ended: string): Promise<void> {
  writeFileSync(fileOf(name), `${historyToJSON(await handle.fetchHistory())}\n`);
  process.stdout.write(`${fileOf(name)}: ${ended}\n`);
}
