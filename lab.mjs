// npm run lab -- up | status | seed | down. Plain Node, so that it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = import.meta.dirname ?? '.';
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`hive-ferry needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}
// npm writes this file last, so an install that was cut off counts as none.
if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) {
  const install = existsSync(join(root, 'package-lock.json')) ? 'ci' : 'install';
  console.error(`installing dependencies (npm ${install}) ...`);
  const { status } = spawnSync('npm', [install, '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(1);
}
const tsx = join(root, 'node_modules', '.bin', 'tsx');
const { status, error } = spawnSync(tsx, [join(root, 'lab', 'main.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
if (error) console.error(error.message);
process.exit(status ?? 1);
