// npm run lab -- up | status | seed | down
import { bin, ensureInstalled, runCommand } from './install.mjs';

ensureInstalled();
process.exit(runCommand(bin('tsx'), ['lab/main.ts', ...process.argv.slice(2)]));
