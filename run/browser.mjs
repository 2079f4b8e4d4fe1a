// Makes sure that there is a Chromium for the tests of the Temporal UI; on Debian as root it installs the package.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PATHS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const find = () => PATHS.find((path) => path && existsSync(path));
const run = (command, ...args) => spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status === 0;

if (!find() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
  run('apt-get', 'update', '-qq') && run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium');
}
const found = find();
if (!found) {
  console.error('There is no Chromium. Install the package chromium, or set CHROMIUM to the path of one.');
  process.exit(1);
}
console.log(found);
