// npm run build: dist/ from the sources.
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, ensureInstalled, root, runCommand } from './install.mjs';

ensureInstalled();
rmSync(join(root, 'dist'), { recursive: true, force: true });
const status = runCommand(bin('tsc'), ['-p', 'tsconfig.build.json']);
if (status !== 0) process.exit(status);
// The generated metastore client is JavaScript already, CommonJS by the package.json beside it.
cpSync(join(root, 'hive', 'metastore', 'gen'), join(root, 'dist', 'hive', 'metastore', 'gen'), { recursive: true });
chmodSync(join(root, 'dist', 'cli', 'main.js'), 0o755);
copyWebHdfs(join(root, 'dist', 'storage', 'webhdfs'));

/** npm webhdfs lies in the package as a copy, so that its deprecated dependency is installed nowhere: docs/adr/0004. */
function copyWebHdfs(folder) {
  for (const file of ['lib', 'package.json', 'LICENSE']) {
    cpSync(join(root, 'node_modules', 'webhdfs', file), join(folder, 'npm-webhdfs', file), { recursive: true });
  }
  const client = join(folder, 'namespace-client.js');
  const code = readFileSync(client, 'utf8');
  const copied = code.replace("from 'webhdfs'", "from './npm-webhdfs/lib/webhdfs.js'");
  if (copied === code) throw new Error(`${client} no longer imports webhdfs`);
  writeFileSync(client, copied);
}
