import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(__dirname, '..', '..', '..');

type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** The command line from its sources, in a process of its own, without a config of its own. */
function ferry(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const all = ['--import', 'tsx', join(ROOT, 'cli', 'main.ts'), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, { cwd: ROOT, env: { ...process.env, ...env } }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

describe('ferry', () => {
  it('--help names the commands, without loading Temporal', async () => {
    const { code, out } = await ferry(['--help'], { NODE_DEBUG: 'esm' });
    expect(code).toBe(0);
    for (const command of [
      'sync',
      'watch',
      'pause',
      'resume',
      'cancel',
      'plan',
      'verify',
      'clean',
      'restore',
      'dag',
      'doctor',
      'worker',
      'completion',
    ])
      expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    const loaded = (await ferry(['--help'], { NODE_DEBUG: 'esm,module' })).err;
    expect(loaded).toContain('commander');
    expect(loaded).not.toMatch(/@temporalio|\/zod\/|\/jiti\//);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['a command that is none', ['snyc'], /unknown command 'snyc'\n\(Did you mean sync\?\)/],
    ['no table', ['sync'], /missing required argument 'table'/],
    [
      'a backfill without a range',
      ['dag', 'backfill', 'orders_daily'],
      /required option '--from <start>' not specified/,
    ],
    [
      'a mapped place that is none',
      ['plan', 'a.b', '--location-map', 'hdfs://a/x'],
      /'hdfs:\/\/a\/x' is invalid\. It is not from=to\./,
    ],
    ['nothing to clear', ['dag', 'clear', 'orders_daily'], /missing required argument 'task'/],
    ['neither a table nor all of them', ['clean'], /name a table, or say --all/],
    [
      'an option that is none',
      ['sync', 'a.b', '--sorce', 'a'],
      /unknown option '--sorce'\n\(Did you mean --source\?\)/,
    ],
  ])('exits 64 for %s', async (_, args, message) => {
    const { code, out, err } = await ferry(args);
    expect([code, out]).toEqual([64, '']);
    expect(err).toMatch(message);
  });

  it('exits 78 for a config that is not there; with --json that is the one document', async () => {
    const { code, out, err } = await ferry(['sync', 'a.b', '--config', 'no-such.ts', '--json']);
    expect(code).toBe(78);
    expect(err).toMatch(/^✗ CONFIG_INVALID: There is no config at .*no-such\.ts \(named by --config\)\.\n {2}Hint: /);
    expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1, error: { code: 'CONFIG_INVALID' } });
  });

  it('ends in silence when nobody reads its output to the end', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'cli', 'main.ts'), '--help'], { cwd: ROOT });
    child.stdout.destroy();
    const code = new Promise((resolve) => child.once('close', resolve));
    expect([await text(child.stderr), await code]).toEqual(['', 0]);
  });

  it('plans what it is told a sync shall be: each option of the spec is one of both commands', async () => {
    const optionsOf = ({ out }: Ran) => [...out.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option);
    const [sync, plan] = (await Promise.all([ferry(['sync', '--help']), ferry(['plan', '--help'])])).map(optionsOf);
    expect(sync?.filter((option) => !plan?.includes(option))).toEqual(['--plan', '--local']);
  });
});
