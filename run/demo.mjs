// npm run demo: a real sync from one cluster of the lab to the other, with a worker killed on the way.
import { bin, ensureInstalled, runCommand } from './install.mjs';

ensureInstalled();
const built = runCommand(process.execPath, ['run/build.mjs']);
process.exit(built === 0 ? runCommand(bin('tsx'), ['lab/demo.ts', ...process.argv.slice(2)]) : built);
