// npm run build: dist/ from the sources.
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bin, ensureInstalled, root, runCommand } from './install.mjs';

ensureInstalled();
rmSync(join(root, 'dist'), { recursive: true, force: true });
const status = runCommand(bin('tsc'), ['-p', 'tsconfig.build.json']);
if (status !== 0) process.exit(status);
// The generated metastore client is JavaScript already, CommonJS by the package.json beside it.
cpSync(join(root, 'hive', 'metastore', 'gen'), join(root, 'dist', 'hive', 'metastore', 'gen'), { recursive: true });
chmodSync(join(root, 'dist', 'cli', 'main.js'), 0o755);
