// What every start script does first. Plain Node, so that it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`hive-ferry needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}

export const root = join(import.meta.dirname, '..');

/** Installs the dependencies of the lock file when they are not there. */
export function ensureInstalled() {
  // npm writes this file last, so that an install that was cut off counts as none.
  if (existsSync(join(root, 'node_modules', '.package-lock.json'))) return;
  console.error('installing dependencies (npm ci) ...');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(1);
}

/** The path of an installed command. */
export function bin(name) {
  return join(root, 'node_modules', '.bin', name);
}

/** Runs a command with this terminal; its exit status, 1 when it could not be started or was killed. */
export function runCommand(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) console.error(error.message);
  return status ?? 1;
}
