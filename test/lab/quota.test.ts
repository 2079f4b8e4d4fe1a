import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openClusters } from '../../config/open-cluster.ts';
import { resolveConfig } from '../../config/resolved.ts';
import { codeOf, messageOf } from '../../errors/ferry-error.ts';
import { readLabState } from '../../lab/state.ts';
import type { ResolvedSpec } from '../../sync/outcome.ts';
import { documentOf, ferry } from './ferry.ts';
import { labConfig } from './lab-config.ts';
import { setLabQuota } from './lab-quota.ts';
import { LinesTable } from './lines-table.ts';
import { countCalls } from './namenode-calls.ts';
import { labSpec, type RanInProcess, runInProcess } from './run-in-process.ts';

jest.setTimeout(120_000);

const table = new LinesTable('ferry_quota');
const home = `/warehouse/${table.database}.db`;
const MIB = 2 ** 20;

async function sync(over: Partial<ResolvedSpec> = {}): Promise<RanInProcess> {
  const clusters = openClusters(resolveConfig(labConfig('root')));
  try {
    return await runInProcess(clusters.open, labSpec(table.database, over));
  } finally {
    await clusters.close();
  }
}

function namenodes(): Record<'a' | 'b', string> {
  const lab = readLabState();
  if (lab === undefined) throw new Error('The lab is not up: npm run lab -- up');
  return { a: lab.clusters.a.webhdfs, b: lab.clusters.b.webhdfs };
}

beforeAll(async () => {
  await table.make();
  await table.b.mkdirs(home);
});
afterAll(async () => {
  await table.drop();
  await table.close();
});

describe('case 29: a quota of the target', () => {
  it('that has no room for the files refuses the run before a byte moves, and ferry plan says so', async () => {
    await setLabQuota('b', home, { space: 100_000 });
    const error = await sync().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(codeOf(error)).toBe('QUOTA_EXCEEDED');
    // 768 KiB in hexadecimal and a line end, and two small files.
    expect(messageOf(error)).toBe(`b: the space quota of ${home} is 100000 bytes: 0 are used, 786445 more are needed`);
    expect(await table.b.quotaUsage(home)).toMatchObject({ names: 1, space: 0 });

    const flags = [`${table.database}.lines`, '--source', 'a', '--target', 'b'];
    const { exitCode, stdout } = await ferry(['plan', ...flags]);
    expect(stdout).toContain(`space quota of ${home}: 97.7 KiB, 0 B used, 768 KiB needed: IT DOES NOT FIT`);
    expect(exitCode).toBe(3);
    const json = await ferry(['plan', ...flags, '--json']);
    expect(documentOf<{ space: unknown }>(json).space).toMatchObject({
      bytes: 786_445,
      rooms: [{ path: home, kind: 'space', limit: 100_000, used: 0, needed: 786_445, fits: 'no' }],
    });
  });

  it('that is used up while blocks are open fails each partition once, with the quota’s text; raised, the run goes on', async () => {
    // HDFS charges a whole block for each file that is being written: the files would fit.
    await setLabQuota('b', home, { space: 20 * MIB });
    const { result, calls } = await countCalls(namenodes(), () => sync());
    expect(result.outcome).toMatchObject({ outcome: 'failed', rounds: 1, partitions: { failed: 2, published: 0 } });
    for (const { code, message } of result.outcome.failures) {
      expect(code).toBe('QUOTA_EXCEEDED');
      expect(message).toMatch(new RegExp(`The DiskSpace quota of ${home} is exceeded: quota = 20971520 B = 20 MB but`));
    }
    // Neither the file nor the step was tried again.
    expect(result.said.filter((line) => /trying again|QUOTA_EXCEEDED.*load/.test(line))).toEqual([]);
    expect(calls.b.SETTIMES ?? 0).toBe(0);
    expect(await table.names(table.folder())).toEqual([]);

    await setLabQuota('b', home, {});
    expect((await sync()).outcome).toMatchObject({ outcome: 'complete', partitions: { published: 2 } });
  });

  it('on names is held against files and folders', async () => {
    const target = { cluster: 'b', database: table.database, table: 'again' };
    const { names = 0 } = (await table.b.quotaUsage(home)) ?? {};
    await setLabQuota('b', home, { names: names + 4 });
    const error = await sync({ target }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(messageOf(error)).toBe(`b: the name quota of ${home} is ${names + 4}: ${names} are used, 5 more are needed`);
    await setLabQuota('b', home, {});
  });

  it('of a folder on the way to a partition, where nothing is staged, is refused by name', async () => {
    await table.write('p=1', 'small', 'hello again\n');
    await setLabQuota('b', `${table.folder()}/p=1`, { names: 1000 });
    const error = await sync().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(codeOf(error)).toBe('STAGE_APART');
    expect(messageOf(error)).toContain(`b:${table.folder()}/p=1 has a quota of its own`);
    await setLabQuota('b', `${table.folder()}/p=1`, {});
    expect((await sync()).outcome).toMatchObject({ outcome: 'complete', partitions: { published: 1 } });
  });
});
