import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { EXIT } from '../../../cli/exit-code.ts';
import { BUILT_IN } from '../../../config/resolved.ts';
import { parseDuration } from '../../../sync/duration.ts';

const ROOT = join(__dirname, '..', '..', '..');
const UNIT = join(ROOT, 'examples', 'deploy', 'hive-ferry-worker.service');
const unit = readFileSync(UNIT, 'utf8');
const dockerfile = readFileSync(join(ROOT, 'examples', 'deploy', 'Dockerfile'), 'utf8');
/** Where a project that has installed the package finds its command. */
const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly bin: { readonly ferry: string };
};
const COMMAND = join('node_modules', 'hive-ferry', bin.ferry);

/** The words of an instruction that is written as JSON. */
function words(instruction: string): readonly string[] {
  const [, list = ''] = new RegExp(`^${instruction} (\\[.*\\])$`, 'm').exec(dockerfile) ?? [];
  return JSON.parse(list);
}

function setting(name: string): string {
  return new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? '';
}

let help: string;
beforeAll(async () => {
  const args = ['--import', 'tsx', join(ROOT, 'cli', 'main.ts'), 'worker', '--help'];
  help = await new Promise((resolve) => execFile(process.execPath, args, { cwd: ROOT }, (_, out) => resolve(out)));
});

function expectWorkerCommand([command, ...args]: readonly string[]): void {
  expect([command, args[0]]).toEqual([COMMAND, 'worker']);
  for (const flag of args.filter((arg) => arg.startsWith('--'))) expect(help).toMatch(new RegExp(`^ +${flag} `, 'm'));
}

describe('the systemd unit', () => {
  it('starts the worker of the installed package', () => {
    const [node, ...command] = setting('ExecStart').split(' ');
    expect(node).toMatch(/^\/.*\/node$/);
    expectWorkerCommand(command);
  });

  it('waits for longer than a worker takes to stop', () => {
    const stopping = [BUILT_IN.shutdownGrace, BUILT_IN.shutdownForce].map((text) => parseDuration(text) ?? Number.NaN);
    expect(Number(setting('TimeoutStopSec')) * 1000).toBeGreaterThan(stopping.reduce((sum, each) => sum + each));
  });

  it('knows the exit codes, and reloads by the signal that rereads the limits', () => {
    expect([setting('SuccessExitStatus'), setting('RestartPreventExitStatus')]).toEqual([
      String(EXIT.interrupted),
      String(EXIT.config),
    ]);
    expect(setting('ExecReload')).toContain('-HUP $MAINPID');
  });

  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
  (hasSystemd ? it : it.skip)('is one that systemd finds no fault with', () => {
    // Of the units of this machine that it hangs on systemd may say more.
    const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', UNIT], { encoding: 'utf8' });
    const ours = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('hive-ferry-worker'));
    expect(ours.filter((line) => !line.includes('is not executable'))).toEqual([]);
  });
});

describe('the container', () => {
  it('starts the worker of the installed package, not as root, on the Node that the package wants', () => {
    const [node, ...command] = [...words('ENTRYPOINT'), ...words('CMD')];
    expect(node).toBe('node');
    expectWorkerCommand(command);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(new Set(dockerfile.match(/^FROM \S+/gm))).toEqual(new Set(['FROM node:20-slim']));
  });

  it('is asked for its health at the address it listens at', () => {
    const port = words('CMD').at(-1)?.split(':').at(-1);
    expect(dockerfile).toContain(`\nEXPOSE ${port}\n`);
    const [, check = ''] = /HEALTHCHECK .*CMD \["node", "-e", "(.*)"\]/.exec(dockerfile) ?? [];
    expect(check).toContain(`http://127.0.0.1:${port}/healthz`);
    // As a program: nobody listens where the test runs it.
    expect(spawnSync(process.execPath, ['-e', check.replace(String(port), '1')]).status).toBe(1);
  });
});
