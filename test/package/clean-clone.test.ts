import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { LAB_FOLDER } from '../../lab/state.ts';
import { type Ran, runIn, succeedIn } from './run-in.ts';

jest.setTimeout(600_000);

const ROOT = join(__dirname, '..', '..');

let clone: string;
let demo: Ran;

beforeAll(async () => {
  clone = join(mkdtempSync(join(tmpdir(), 'ferry-clone-')), 'hive-ferry');
  await succeedIn(ROOT, 'git', ['clone', '--quiet', '.', clone]);
  // The lab that runs already: two would not fit on a small machine.
  demo = await runIn(clone, 'npm', ['run', 'demo'], {
    HIVE_FERRY_LAB: LAB_FOLDER,
    FERRY_TASK_QUEUE: 'ferry-clean-clone',
  });
});

afterAll(() => {
  rmSync(join(clone, '..'), { recursive: true, force: true });
});

describe('npm run demo in a clean clone', () => {
  it('ends well', () => {
    expect(demo).toMatchObject({ exitCode: 0 });
  });

  it('kills the worker in the middle and copies nothing again that was published', () => {
    const [, before, kept] =
      /Of the (\d+) partitions that were published before the kill, (\d+) are the very same/.exec(demo.stdout) ?? [];
    expect(Number(before)).toBeGreaterThan(0);
    expect(kept).toBe(before);
  });

  it('says that both sides are identical', () => {
    expect(demo.stdout).toMatch(/^✓ sales\.orders, .*: identical$/m);
    expect(demo.stdout).toContain('Done: 60 partitions, identical.');
  });

  it('leaves the clone as it was, but for what git ignores', async () => {
    expect(await succeedIn(clone, 'git', ['status', '--porcelain'])).toBe('');
  });
});
