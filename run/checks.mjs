// The checks of `npm run verify` and `npm test`, each told in one line, all counted together at the end.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, root } from './install.mjs';

export const counts = { passed: 0, failed: 0 };

function tell(name, ok, seconds, detail = '') {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} ${detail}(${seconds.toFixed(1)} s)`);
}

/** One command that is right when it exits 0; its output is shown when it is not. */
export function check(name, command, args, env = {}) {
  const start = Date.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const ok = status === 0;
  counts[ok ? 'passed' : 'failed'] += 1;
  tell(name, ok, (Date.now() - start) / 1000);
  if (!ok) console.log(`${stdout ?? ''}${stderr ?? ''}${error ? error.message : ''}`);
  return ok;
}

/** Jest projects; every test counts. Failures are shown as Jest tells them. Several may run side by side. */
export async function jest(projects, args = [], env = {}, name = projects.join(', ')) {
  const start = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'hive-ferry-jest-'));
  const report = join(folder, 'report.json');
  const child = spawn(
    bin('jest'),
    ['--selectProjects', ...projects, '--silent', '--json', `--outputFile=${report}`, ...args],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env, FORCE_COLOR: '0' } },
  );
  const [status] = await once(child, 'close');
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    // A suite that cannot be loaded has no tests to count, but has failed.
    const failed = numFailedTests + numRuntimeErrorTestSuites || (status === 0 ? 0 : 1);
    counts.passed += numPassedTests;
    counts.failed += failed;
    tell(name, failed === 0, (Date.now() - start) / 1000, `${numPassedTests} passed, ${failed} failed `);
  } catch (error) {
    counts.failed += 1;
    tell(name, false, (Date.now() - start) / 1000, `Jest exited ${status}: ${error.message} `);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What needs no cluster: everything but the suites over a running lab. */
export async function checkSources({ crashStride }) {
  check('format and lint', bin('biome'), ['check', '--error-on-warnings', '.']);
  check('types', bin('tsc'), ['-p', '.']);
  await jest(['layers', 'unit', 'contract', 'crash', 'workflow', 'replay'], ['--maxWorkers=3'], {
    FERRY_CRASH_STRIDE: String(crashStride),
  });
}

/** The closing line, and the exit status. */
export function conclude() {
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exit(counts.failed === 0 ? 0 : 1);
}
