import { statfsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { hadoop } from '../../lab/hadoop-client.ts';
import { killServer, restartServer, restartServerWith } from '../../lab/restart.ts';
import { LAB_FOLDER } from '../../lab/state.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf } from './ferry.ts';
import { filesBelow, labFiles } from './lab-tables.ts';
import { mendLab } from './mend-lab.ts';
import { PARTITIONS, SlowCopy } from './slow-copy.ts';

jest.setTimeout(300_000);

const copy = new SlowCopy('servers_hdfs');
const a = labFiles('a');
const MIB = 1024 * 1024;

beforeAll(async () => {
  await copy.worker();
});
beforeEach(async () => {
  await copy.reset();
});
afterAll(async () => {
  await mendLab();
  await copy.close();
  await a.close();
});

/** A run in whose middle something happens. */
async function syncWhile(happens: () => Promise<unknown>): Promise<Outcome> {
  const running = await copy.startedMidCopy();
  await happens();
  return documentOf<Outcome>(await running.ended);
}

/** Every file of the copied partitions: its path below the table, length and time. */
async function filesOf(files: FileSystem, folder: string): Promise<readonly string[]> {
  const lines = (await filesBelow(files, folder)).filter((line) => /\/region=[^/]+\//.test(line));
  return lines.map((line) => line.slice(folder.length, line.lastIndexOf(' ')));
}

/** Everything is published as it is on the source, no partition was copied twice, nothing is left in the staging. */
async function expectComplete(outcome: Outcome): Promise<void> {
  expect(outcome).toMatchObject({ outcome: 'complete', failures: [], partitions: { published: PARTITIONS } });
  expect(outcome.files.copied + outcome.files.reused).toBe(PARTITIONS);
  expect(await copy.published()).toHaveLength(PARTITIONS);
  expect(await copy.staging()).toEqual([]);
  expect(await filesOf(copy.b, copy.folder)).toEqual(
    (await filesOf(a, '/warehouse/sales.db/orders')).slice(-PARTITIONS),
  );
}

async function safeMode(action: 'enter' | 'leave'): Promise<void> {
  const { exitCode, stderr } = await hadoop('b', ['org.apache.hadoop.hdfs.tools.DFSAdmin', '-safemode', action]);
  if (exitCode !== 0) throw new Error(`dfsadmin -safemode ${action}: ${stderr}`);
}

describe('a server of HDFS that goes away in the middle of a copy', () => {
  it.each([
    ['target', 'b'],
    ['source', 'a'],
  ] as const)(
    'the namenode of the %s, killed and started again, safe mode on the way: the same run ends complete',
    async (_, cluster) => {
      const outcome = await syncWhile(async () => {
        await killServer(cluster, 'namenode');
        await sleep(2_000);
        await restartServer(cluster, 'namenode');
      });
      await expectComplete(outcome);
    },
  );

  it('the datanode of the target, killed and started again: the same run ends complete', async () => {
    const outcome = await syncWhile(async () => {
      await killServer('b', 'datanode');
      await sleep(2_000);
      await restartServer('b', 'datanode');
    });
    await expectComplete(outcome);
  });

  it('a target that is in safe mode for a while: nothing is published meanwhile, and the same run ends complete', async () => {
    const outcome = await syncWhile(async () => {
      await safeMode('enter');
      try {
        const published = await copy.published();
        await sleep(6_000);
        expect(await copy.published()).toEqual(published);
      } finally {
        await safeMode('leave');
      }
    });
    await expectComplete(outcome);
  });
});

describe('case 29: disks of the target that are full', () => {
  /** As if other data had taken all room but a few megabytes, less than a block. */
  async function fillDisk(): Promise<void> {
    const { blocks, bsize } = statfsSync(LAB_FOLDER);
    await restartServerWith('b', 'datanode', { 'dfs.datanode.du.reserved': blocks * bsize - 64 * MIB });
  }

  it('end the run with NO_SPACE, not tried for hours; with room again, a run copies only what is missing', async () => {
    const running = await copy.startedMidCopy();
    await fillDisk();
    try {
      const ended = await running.ended;
      // The run's own records find no room either, so that it ends as a whole.
      const { outcome, failures } = documentOf<Outcome>(ended);
      expect([ended.exitCode, outcome]).toEqual([1, 'failed']);
      const [{ code, message, hint } = { code: '', message: '', hint: '' }] = failures;
      expect(code).toBe('NO_SPACE');
      expect(message).toMatch(/Failed to find datanode|could only be written to 0 of the 1 minReplication nodes/);
      expect(hint).toContain('hdfs dfsadmin -report');
    } finally {
      await mendLab();
    }
    const published = (await copy.published()).length;
    expect(published).toBeGreaterThan(0);
    const again = documentOf<Outcome>(await copy.start('--json').ended);
    expect(again).toMatchObject({ outcome: 'complete', failures: [] });
    expect(again.files.copied).toBeLessThanOrEqual(PARTITIONS - published);
    expect(await copy.published()).toHaveLength(PARTITIONS);
  });
});
