/**
 * Records the histories that every later version has to replay, once a release: `npx tsx test/replay/record.ts`.
 * Those of earlier releases stay as they are; a recorded file is never written again.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { PAUSE, RESUME } from '../../workflows/messages.ts';
import { endOf, untilStarted } from '../workflow/run-end.ts';
import { openStage } from '../workflow/test-environment.ts';
import { HISTORIES, SCENARIOS } from './scenarios.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
mkdirSync(HISTORIES, { recursive: true });
const stage = await openStage();
try {
  for (const [name, { script, cancelAt, pauseAt }] of Object.entries(SCENARIOS)) {
    const file = join(HISTORIES, `${name}-${version}.json`);
    if (existsSync(file)) continue;
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
    writeFileSync(file, `${historyToJSON(await handle.fetchHistory())}\n`);
    process.stdout.write(`${file}: ${kind}\n`);
  }
} finally {
  await stage.close();
}
