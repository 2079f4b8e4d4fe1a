import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { withHive } from '../../lab/hive-session.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf, type Ran } from './ferry.ts';
import { setLabQuota } from './lab-quota.ts';
import { PARTITIONS, SlowCopy } from './slow-copy.ts';

jest.setTimeout(240_000);

/** Rounds wait 15 s and a minute; a step that is retried does so for hours. */
const AT_ONCE_MS = 60_000;

/** A run in whose middle something happens that no retry mends, and how many partitions it had published. */
async function syncUntil(
  copy: SlowCopy,
  happens: () => Promise<unknown>,
  ...more: readonly string[]
): Promise<{ readonly ran: Ran; readonly outcome: Outcome }> {
  const running = await copy.startedMidCopy(...more);
  await happens();
  const since = Date.now();
  const ran = await running.ended;
  expect(Date.now() - since).toBeLessThan(AT_ONCE_MS);
  return { ran, outcome: documentOf<Outcome>(ran) };
}

/** A run of the same table that ends complete; with what it found there and what it copied. */
async function again(copy: SlowCopy, ...more: readonly string[]): Promise<Outcome> {
  const outcome = documentOf<Outcome>(await copy.start('--json', ...more).ended);
  expect(outcome).toMatchObject({ outcome: 'complete', failures: [] });
  expect(await copy.published()).toHaveLength(PARTITIONS);
  expect(await copy.staging()).toEqual([]);
  const rows = await withHive('b', (query) => query(`SHOW PARTITIONS ${copy.table}`));
  expect(rows).toHaveLength(PARTITIONS);
  return outcome;
}

describe('what changes on the target in the middle of a copy', () => {
  const copy = new SlowCopy('servers_limits');
  beforeAll(async () => {
    await copy.worker();
  });
  beforeEach(() => copy.reset());
  afterAll(() => copy.close());

  it('case 29: a quota that is reached ends the run at once, with QUOTA_EXCEEDED; raised, a run copies only what is missing', async () => {
    const { ran, outcome } = await syncUntil(copy, () => setLabQuota('b', copy.folder, { space: 1024 * 1024 }));
    expect(ran.exitCode).toBe(2);
    expect(outcome).toMatchObject({ outcome: 'partial', rounds: 1 });
    for (const { code, message, hint } of outcome.failures) {
      expect([code, hint]).toEqual(['QUOTA_EXCEEDED', expect.stringContaining('Raise the quota')]);
      expect(message).toContain(`The DiskSpace quota of ${copy.folder} is exceeded`);
    }
    const { published, failed } = outcome.partitions;
    expect(published + failed).toBe(PARTITIONS);
    await setLabQuota('b', copy.folder, {});
    expect(await again(copy)).toMatchObject({ partitions: { unchanged: published, published: failed } });
  });

  it('a target table that is dropped ends the run as TABLE_NOT_FOUND; the next run makes it anew and copies nothing of what is there', async () => {
    const { ran, outcome } = await syncUntil(copy, () => withHive('b', (query) => query(`DROP TABLE ${copy.table}`)));
    expect(outcome.outcome).toBe('partial');
    expect(ran.exitCode).toBe(2);
    expect(ran.stdout).toContain('TABLE_NOT_FOUND');
    expect(ran.stdout).toContain('is made anew by the next sync');
    const next = await again(copy);
    expect(next.files.copied).toBe(0);
  });

  it('a target database that is dropped, files and all, ends the run as TABLE_NOT_FOUND; the next run makes it anew and completes', async () => {
    const database = copy.table.split('.')[0] ?? '';
    const { ran } = await syncUntil(copy, () => withHive('b', (query) => query(`DROP DATABASE ${database} CASCADE`)));
    expect(ran.exitCode).toBe(2);
    expect(ran.stdout).toContain('TABLE_NOT_FOUND');
    await again(copy);
  });
});

describe('a right that is taken away in the middle of a copy', () => {
  const copy = new SlowCopy('servers_guest');
  const GUEST = ['--config', 'test/lab/guest/temporal.config.ts'];
  const HOME = '/user/ferry_guest';

  beforeAll(async () => {
    await copy.reset();
    await withHive('b', (query) => query(`CREATE DATABASE ferry_${copy.name}`));
    for (const folder of [HOME, `/warehouse/ferry_${copy.name}.db`]) {
      await copy.b.mkdirs(folder);
      await copy.b.setAttribute(folder, { set: 'owner', owner: 'ferry_guest' });
    }
    await copy.worker(...GUEST);
  });
  afterAll(async () => {
    await copy.close();
    await copy.b.delete(HOME);
  });

  async function giveTable(owner: string, permission: string): Promise<void> {
    await copy.b.setAttribute(copy.folder, { set: 'owner', owner });
    await copy.b.setAttribute(copy.folder, { set: 'permission', permission });
  }

  it('ends the run at once, with PERMISSION_DENIED; given back, a run copies only what is missing', async () => {
    let published = 0;
    const { ran } = await syncUntil(
      copy,
      async () => {
        await giveTable('root', '700');
        published = (await copy.published()).length;
      },
      ...GUEST,
    );
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toContain('PERMISSION_DENIED');
    expect(ran.stdout).toContain('Permission denied: user=ferry_guest');
    expect(ran.stdout).toContain('Grant the user of temporal.config.ts the named right.');
    await giveTable('ferry_guest', '755');
    const next = await again(copy, ...GUEST);
    expect(next.partitions.unchanged + next.partitions.published).toBe(PARTITIONS);
    expect(next.files.copied + next.files.reused).toBeLessThanOrEqual(PARTITIONS - published);
  });
});
