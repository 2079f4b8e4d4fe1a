import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { withLabLock } from '../../../lab/lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('one at a time, and the one that waits says for whom', async () => {
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await pause(50);
    seen.push(`${name} ends`);
  };
  const told: string[] = [];
  await Promise.all([
    withLabLock(work('first'), undefined, folder),
    withLabLock(work('second'), (line) => told.push(line), folder),
  ]);
  expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  expect(told).toEqual([`waiting for process ${process.pid}, which is changing the lab`]);
});

it('is let go when the work fails', async () => {
  const failing = withLabLock(() => Promise.reject(new Error('no')), undefined, folder);
  await expect(failing).rejects.toThrow('no');
  expect(existsSync(join(folder, 'lock'))).toBe(false);
  expect(await withLabLock(async () => 'again', undefined, folder)).toBe('again');
});

it('the lock of a process that is gone is taken over, by one of those who wait', async () => {
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.pid, startTime: 'long ago' }));
  let inside = 0;
  const most: number[] = [];
  await Promise.all(
    [1, 2, 3].map(() =>
      withLabLock(
        async () => {
          inside += 1;
          most.push(inside);
          await pause(20);
          inside -= 1;
        },
        undefined,
        folder,
      ),
    ),
  );
  expect(most).toEqual([1, 1, 1]);
});
