// npm run bench -- copy
import { bin, ensureInstalled, runCommand } from './install.mjs';

ensureInstalled();
process.exit(runCommand(bin('tsx'), ['lab/bench/main.ts', ...process.argv.slice(2)]));
