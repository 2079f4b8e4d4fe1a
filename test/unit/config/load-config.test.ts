import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findConfig, loadConfig } from '../../../config/load-config.ts';
import { codeOf, type FerryError, isFerryError } from '../../../errors/ferry-error.ts';

const cluster = `{ webhdfs: 'http://nn1:9870', user: 'etl', fileSystem: 'hdfs://nn1:8020', metastore: 'thrift://hms:9083' }`;

/** A folder outside the repository, so that nothing of hive-ferry is installed in or above it. */
function folder(files: Record<string, string>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'ferry-config-')));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

async function refusal(options: Parameters<typeof loadConfig>[0], code = 'CONFIG_INVALID'): Promise<FerryError> {
  const error = await loadConfig(options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isFerryError(error)) throw error;
  expect(codeOf(error)).toBe(code);
  return error;
}

describe('loading temporal.config.ts', () => {
  it('takes TypeScript as it is, with imports of its own', async () => {
    const cwd = folder({
      'clusters.ts': `import type { ClusterConfig } from 'hive-ferry';\nexport const prod: ClusterConfig = ${cluster} satisfies ClusterConfig;\n`,
      'temporal.config.ts': `import { type Config, defineConfig } from 'hive-ferry';
        import { prod } from './clusters';
        enum Pool { Small = '512MiB' }
        const worker: Config['worker'] = { pool: Pool.Small };
        export default defineConfig({ clusters: { prod }, worker });\n`,
    });
    const { path, config } = await loadConfig({ cwd, env: {} });
    expect(path).toBe(join(cwd, 'temporal.config.ts'));
    expect(config.worker.poolBytes).toBe(2 ** 29);
    expect(Object.keys(config.clusters)).toEqual(['prod']);
  });

  it('checks a config that did not go through defineConfig too', async () => {
    const cwd = folder({ 'temporal.config.ts': `export default { clusters: { prod: ${cluster} }, workers: {} };` });
    expect((await refusal({ cwd, env: {} })).details.problems).toEqual([
      'workers: is not a known key; did you mean "worker"?',
    ]);
  });

  it('reads the file again when it has changed', async () => {
    const cwd = folder({ 'temporal.config.ts': `export default { clusters: { a: ${cluster} } };` });
    await loadConfig({ cwd, env: {} });
    writeFileSync(join(cwd, 'temporal.config.ts'), `export default { clusters: { b: ${cluster} } };`);
    expect(Object.keys((await loadConfig({ cwd, env: {} })).config.clusters)).toEqual(['b']);
  });

  it('puts the command line over the file, and checks the sum', async () => {
    const cwd = folder({
      'temporal.config.ts': `export default { clusters: { a: ${cluster} }, worker: { maxNodeMemory: '512MiB' } };`,
    });
    const { config } = await loadConfig({ cwd, env: {}, overrides: { taskQueue: 'mine', pool: '2GiB' } });
    expect([config.temporal.taskQueue, config.worker.poolBytes]).toEqual(['mine', 2 ** 31]);
    expect(await refusal({ cwd, env: {}, overrides: { pool: '256MiB' } }, 'SPEC_INVALID')).toMatchObject({
      message: expect.stringMatching(/^The command line, or FERRY_\* .*worker\.maxNodeMemory: "512MiB" is more than/),
    });
  });
});

describe('what is wrong with a file is said with its path', () => {
  it.each<[string, string, RegExp]>([
    ['a syntax error', 'export default {\n  clusters: {\n', /Unexpected token.*temporal\.config\.ts:3:0/s],
    [
      'no default export',
      'export const config = {};',
      /temporal\.config\.ts does not export a config. Its last words must be: export default defineConfig/,
    ],
    ['a default export that is no object', 'export default "x";', /does not export a config/],
    [
      'what the file itself throws',
      'throw new Error("The lab is not running.");',
      /temporal\.config\.ts: The lab is not running\./,
    ],
    [
      'a package that is not there',
      'import "no-such-package-at-all";\nexport default {};',
      /no-such-package-at-all.*temporal\.config\.ts/s,
    ],
    [
      'a wrong value',
      `import { defineConfig } from 'hive-ferry';\nexport default defineConfig({ clusters: { a: ${cluster} }, worker: { pool: '1GB' } });`,
      /temporal\.config\.ts.*worker\.pool: "1GB" is not a size/s,
    ],
  ])('%s', async (_, text, message) => {
    const cwd = folder({ 'temporal.config.ts': text });
    const error = await refusal({ cwd, env: {} });
    expect(error.message).toMatch(message);
    expect(error.message).toContain(cwd);
  });

  it('keeps the list of problems', async () => {
    const cwd = folder({
      'temporal.config.ts': `import { defineConfig } from 'hive-ferry';\nexport default defineConfig({ clusters: {}, worker: { pool: '1GB' } });`,
    });
    expect((await refusal({ cwd, env: {} })).details.problems).toHaveLength(2);
  });
});

describe('finding the file', () => {
  const text = `export default { clusters: { a: ${cluster} } };`;
  const root = folder({ 'temporal.config.ts': text, 'a/b/.keep': '', 'other/ferry.ts': text });

  it('looks upwards from the current folder', () => {
    expect(findConfig({ cwd: join(root, 'a/b'), env: {} })).toBe(join(root, 'temporal.config.ts'));
  });

  it('prefers FERRY_CONFIG, and the command line to that', () => {
    const env = { FERRY_CONFIG: 'other/ferry.ts' };
    expect(findConfig({ cwd: root, env })).toBe(join(root, 'other/ferry.ts'));
    expect(findConfig({ cwd: root, env, file: 'temporal.config.ts' })).toBe(join(root, 'temporal.config.ts'));
    expect(findConfig({ cwd: root, env: { FERRY_CONFIG: '' } })).toBe(join(root, 'temporal.config.ts'));
  });

  it('says where it looked', () => {
    expect(() => findConfig({ cwd: '/', env: {} })).toThrow('There is no temporal.config.ts in / or a folder above it');
    expect(() => findConfig({ cwd: root, env: {}, file: 'x.ts' })).toThrow(
      `There is no config at ${root}/x.ts (named by --config).`,
    );
    expect(() => findConfig({ cwd: root, env: { FERRY_CONFIG: 'a' } })).toThrow(
      `There is no config at ${root}/a (named by FERRY_CONFIG).`,
    );
  });
});
