import { isBuiltin } from 'node:module';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../layers/imports.ts';
import { bundle } from './test-environment.ts';

/** The modules that webpack put into the bundle, each named in its source map. */
function modulesOf(code: string): readonly string[] {
  const [, map = ''] = /sourceMappingURL=data:application\/json;charset=utf-8;base64,([\w+/=]+)/.exec(code) ?? [];
  return (JSON.parse(Buffer.from(map, 'base64').toString('utf8')) as { sources: string[] }).sources;
}

describe('the workflow bundle', () => {
  let modules: readonly string[];
  let code: string;
  beforeAll(async () => {
    ({ code } = await bundle());
    modules = modulesOf(code);
  }, 60_000);

  it('holds of hive-ferry only what workflows may load', () => {
    const own = modules.filter((path) => path.startsWith(ROOT) && !path.includes('node_modules'));
    const rooms = own.map((path) => path.slice(ROOT.length + 1)).filter((path) => !path.startsWith('workflows/'));
    expect(own).toContain(`${ROOT}/workflows/sync-table.ts`);
    expect(
      rooms.filter(
        (path) =>
          !/^(sync\/(outcome|make-outcome|plan|short-texts)|dag\/(scheduler|trigger-rules|grid|backfill|sync-xcom)|errors\/codes)\.ts$/.test(
            path,
          ),
      ),
    ).toEqual([]);
  });

  it('holds of the packages only Temporal and what it needs itself', () => {
    const packages = new Set(modules.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
    for (const name of [
      'zod',
      'webhdfs',
      'thrift',
      'hive-driver',
      'jiti',
      'liquidjs',
      'cron-parser',
      'luxon',
      '@temporalio/client',
      '@temporalio/activity',
    ]) {
      expect(packages).not.toContain(name);
    }
    expect([...packages].filter((name) => name.startsWith('@temporalio/')).sort()).toEqual([
      '@temporalio/common',
      '@temporalio/workflow',
    ]);
  });

  it('holds no built-in of Node', () => {
    const required = [...code.matchAll(/require\(\\?["'](node:)?([\w/]+)\\?["']\)/g)].map(([, , name]) => name ?? '');
    expect(required.filter((name) => isBuiltin(name))).toEqual([]);
    expect(modules.filter((path) => path.startsWith('external '))).toEqual([]);
  });
});
