import { describe, expect, it } from '@jest/globals';
import { type Arrow, fits, fitsAny, forbiddenImports, reachedBy } from './layers/arrows.ts';
import { readFile, readSource, typeScriptFiles } from './layers/imports.ts';

// A port and its pure files may be imported where an adapter may not.
const ADAPTERS = ['!storage/{webhdfs,memory}**', '!hive/{metastore,hiveserver2,memory}**'];
const PORTS = ['storage/**', 'hive/**', ...ADAPTERS];
// What workflows may load: pure, and the same on every replay.
const PURE_SYNC = 'sync/{outcome,make-outcome}.ts';
const PURE_DAG = 'dag/{scheduler,trigger-rules,grid,backfill,sync-xcom}.ts';
// The checks of one run's input, which config uses for its own.
const SPEC = 'sync/{spec*,problems,size,duration}.ts';

/** Which room may import which. Left out: nothing. Each room may import itself. */
const ARROWS: readonly Arrow[] = [
  { from: 'errors/**', values: ['errors/**'], node: false },

  { from: 'storage/webhdfs/**', values: ['storage/**', 'errors/**'], packages: ['webhdfs'], node: true },
  { from: 'storage/**', values: ['storage/**', 'errors/**'], node: true },

  { from: 'hive/metastore/**', values: ['hive/**', 'errors/**'], packages: ['thrift', 'node-int64'], node: true },
  { from: 'hive/hiveserver2/**', values: ['hive/**', 'errors/**'], packages: ['hive-driver'], node: true },
  { from: 'hive/**', values: ['hive/**', 'errors/**'], node: true },

  {
    from: 'sync/{outcome,make-outcome}.ts',
    values: ['sync/{plan,outcome,short-texts}.ts', 'errors/**'],
    types: ['sync/**', ...PORTS],
    node: false,
  },
  {
    from: 'sync/preset-schema.ts',
    values: ['sync/problems.ts', 'hive/*.ts'],
    packages: ['zod'],
    node: true,
  },
  {
    from: 'sync/{spec*,problems,*-schema}.ts',
    values: ['sync/**', 'errors/**'],
    types: PORTS,
    packages: ['zod', 'fastest-levenshtein'],
    node: true,
  },
  { from: 'sync/selection-syntax.ts', values: [], packages: ['ohm-js'], node: false },
  { from: 'sync/selection*.ts', values: ['sync/**', 'errors/**', ...PORTS], node: false },
  { from: 'sync/**', values: ['sync/**', 'errors/**', ...PORTS], node: true },

  {
    from: 'dag/{spec*,*-schema,parse-spec,dag}.ts',
    values: ['dag/**', SPEC, 'errors/**'],
    types: ['sync/**'],
    packages: ['zod'],
    node: true,
  },
  {
    from: 'dag/operators/*.ts',
    values: ['dag/**', SPEC, 'errors/**'],
    types: ['sync/**'],
    packages: ['zod'],
    node: false,
  },
  { from: 'dag/{hql,filters}.ts', values: ['dag/**', SPEC, 'hive/partition-name.ts', 'errors/**'], node: false },
  { from: 'dag/template.ts', values: ['dag/**', SPEC, 'errors/**'], packages: ['liquidjs'], node: false },
  { from: 'dag/cron.ts', values: ['dag/**', SPEC], packages: ['cron-parser'], node: false },
  { from: 'dag/zone.ts', values: [], packages: ['luxon'], node: false },
  {
    from: 'dag/{run-memory,forget-runs}.ts',
    values: ['dag/**', 'sync/{control-file,children-of}.ts'],
    types: ['sync/**', 'storage/file-system.ts'],
    node: false,
  },
  { from: 'dag/**', values: ['dag/**', SPEC, 'errors/**'], types: ['sync/**'], node: true },

  {
    from: 'workflows/**',
    values: ['workflows/**', PURE_SYNC, PURE_DAG, 'errors/codes.ts'],
    types: ['activities/**', 'sync/**', 'dag/**'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
    node: false,
  },

  // Update-with-start takes an object of the client's own class.
  {
    from: 'activities/claim-dag-run.ts',
    values: ['activities/**', 'errors/**'],
    types: ['dag/**'],
    packages: ['@temporalio/activity', '@temporalio/client'],
    node: false,
  },
  {
    from: 'activities/**',
    values: ['activities/**', 'sync/**', 'dag/**', 'errors/**', ...PORTS],
    types: ['config/**'],
    packages: ['@temporalio/activity', '@temporalio/common'],
    node: true,
  },

  // The file's own import of 'hive-ferry' gets the running copy.
  { from: 'config/import-type-script.ts', values: ['index.ts'], packages: ['jiti'], node: true },
  { from: 'config/payload-codec.ts', values: ['config/**', 'errors/**'], packages: ['@temporalio/common'], node: true },
  { from: 'config/load-spec.ts', values: ['config/**', 'errors/**'], packages: ['yaml'], node: true },
  {
    from: 'config/**',
    values: ['config/**', 'storage/**', 'hive/**', SPEC, 'errors/**'],
    types: ['sync/**', 'dag/**'],
    packages: ['zod', '@temporalio/envconfig'],
    node: true,
  },

  {
    from: 'workers/**',
    values: ['workers/**', 'activities/**', 'config/**', 'dag/parse-spec.ts', 'errors/**'],
    packages: ['@temporalio/worker', '@temporalio/plugin', '@temporalio/common'],
    node: true,
  },

  {
    from: 'cli/plan-schema.ts',
    values: ['sync/output-schema.ts'],
    types: ['cli/**', 'sync/**'],
    packages: ['zod'],
    node: false,
  },
  {
    from: 'cli/**',
    values: [
      'cli/**',
      'sync/**',
      'dag/**',
      'hive/statements.ts',
      'config/**',
      'workers/**',
      'workflows/{messages,dag-messages,dag-run-state}.ts',
      'errors/**',
    ],
    types: PORTS,
    packages: [
      '@temporalio/client',
      '@temporalio/common',
      'commander',
      'picocolors',
      'cli-progress',
      'cli-table3',
      'pretty-bytes',
      'fastest-levenshtein',
    ],
    node: true,
  },

  // The public door stays light: no Temporal, no adapter.
  {
    from: 'index.ts',
    values: ['config/define-config.ts', 'dag/**', 'errors/**'],
    types: ['config/**', 'sync/**'],
    node: false,
  },

  ...['lab/**', 'examples/**', 'test/**', '*.config.ts'].map(
    (from): Arrow => ({ from, values: ['**'], packages: ['**'], node: true }),
  ),
];

/** Nobody but themselves imports these. */
const OUTSIDE = ['lab/**', 'examples/**', 'test/**', '*.config.ts'];

const ONE_PLACE: Readonly<Record<string, string>> = {
  webhdfs: 'storage/webhdfs/**',
  'hive-driver': 'hive/hiveserver2/**',
  thrift: 'hive/metastore/**',
  'node-int64': 'hive/metastore/**',
};

const GENERATED = 'hive/metastore/gen/**';
const files = typeScriptFiles();
const sources = new Map(files.map((path) => [path, readSource(path, readFile(path))]));
const rooms = [...sources.values()].filter(({ path }) => !fitsAny([...OUTSIDE, GENERATED], path));

describe('the rooms', () => {
  it('import only what an arrow allows', () => {
    expect(rooms.flatMap((source) => forbiddenImports(ARROWS, source))).toEqual([]);
  });

  it('import nothing of the lab, the examples and the tests', () => {
    const found = rooms.flatMap(({ path, imports }) =>
      imports.flatMap(({ target }) =>
        target.kind === 'file' && fitsAny(OUTSIDE, target.path) ? [`${path} -> ${target.path}`] : [],
      ),
    );
    expect(found).toEqual([]);
  });

  it('use the clients of the clusters only in their adapter', () => {
    const found = rooms.flatMap(({ path, imports }) =>
      imports.flatMap(({ target, specifier }) => {
        const place = target.kind === 'package' ? ONE_PLACE[target.name] : undefined;
        return place === undefined || fits(place, path) ? [] : [`${path} -> ${specifier}`];
      }),
    );
    expect(found).toEqual([]);
  });

  it('load commands of the CLI only when they are called', () => {
    const found = rooms.flatMap(({ path, imports }) =>
      imports.flatMap(({ target, typeOnly, dynamic }) =>
        target.kind === 'file' &&
        fits('cli/commands/**', target.path) &&
        !typeOnly &&
        !dynamic &&
        !fits('cli/commands/**', path)
          ? [`${path} -> ${target.path}`]
          : [],
      ),
    );
    expect(found).toEqual([]);
  });

  it('bring nothing into a workflow that replays otherwise: no built-in, no zod, no config, by any chain of imports', () => {
    const workflows = files.filter((path) => fits('workflows/**', path));
    const found = [...reachedBy(workflows, sources)].flatMap(([path, chain]) =>
      (sources.get(path)?.imports ?? []).flatMap(({ target, specifier, typeOnly }) => {
        const pure =
          typeOnly ||
          (target.kind === 'file' && !fits('config/**', target.path)) ||
          (target.kind === 'package' && ['@temporalio/workflow', '@temporalio/common'].includes(target.name));
        return pure ? [] : [`${chain} -> ${specifier}`];
      }),
    );
    expect(found).toEqual([]);
    expect(workflows).toContain('workflows/index.ts');
  });

  it('case 53: set no search attribute in a workflow, where one that the server does not know stops it for ever', () => {
    const setting = [
      ...reachedBy(
        files.filter((path) => fits('workflows/**', path)),
        sources,
      ).keys(),
    ].filter((path) => /upsertSearchAttributes|typedSearchAttributes|searchAttributes:/.test(readFile(path)));
    expect(setting).toEqual([]);
  });

  it('import only files that are there', () => {
    const found = [...sources.values()].flatMap(({ path, imports }) =>
      imports.flatMap(({ target }) =>
        target.kind === 'file' && /\.ts$/.test(target.path) && !sources.has(target.path)
          ? [`${path} -> ${target.path}`]
          : [],
      ),
    );
    expect(found).toEqual([]);
  });
});

describe('every file', () => {
  const written = files.filter((path) => !fits(GENERATED, path));

  it('has at most 350 lines', () => {
    const long = written
      .map((path) => [path, readFile(path).split('\n').length - 1] as const)
      .filter(([, lines]) => lines > 350);
    expect(long.map(([path, lines]) => `${path}: ${lines}`)).toEqual([]);
  });

  it('has a kebab-case name', () => {
    const name = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.ts$/;
    expect(written.filter((path) => !name.test(path.split('/').at(-1) ?? ''))).toEqual([]);
  });

  it('has named exports only; a config and an example are what somebody else loads', () => {
    const found = [...sources.values()].filter(
      ({ path, exportsDefault }) =>
        exportsDefault && !fitsAny(['**.config.ts', 'examples/**', 'test/**/dags/**', GENERATED], path),
    );
    expect(found.map(({ path }) => path)).toEqual([]);
  });
});

describe('the checks themselves', () => {
  const cases: readonly (readonly [file: string, code: string, found: readonly string[]])[] = [
    ['errors/x.ts', `import { a } from '../sync/outcome.ts';`, ['errors/x.ts -> sync/outcome.ts']],
    ['errors/x.ts', `import { a } from 'node:fs';`, ['errors/x.ts -> node:fs']],
    ['storage/x.ts', `import type { A } from '../hive/table.ts';`, ['storage/x.ts -> hive/table.ts (type)']],
    ['storage/webhdfs/x.ts', `import a from 'webhdfs';`, []],
    ['storage/memory-x.ts', `import a from 'webhdfs';`, ['storage/memory-x.ts -> webhdfs']],
    ['sync/x.ts', `import type { A } from '../hive/table.ts'; import { b } from '../storage/path.ts';`, []],
    ['sync/x.ts', `import { A } from '../hive/memory-catalog.ts';`, ['sync/x.ts -> hive/memory-catalog.ts']],
    ['sync/x.ts', `export * from '../storage/webhdfs/client.ts';`, ['sync/x.ts -> storage/webhdfs/client.ts']],
    ['sync/x.ts', `import { z } from 'zod';`, ['sync/x.ts -> zod']],
    ['sync/plan-schema.ts', `import { z } from 'zod';`, []],
    [
      'workflows/x.ts',
      `import type { A } from '../activities/activities.ts'; import { b } from '../sync/outcome.ts';`,
      [],
    ],
    [
      'workflows/x.ts',
      `import { type A } from '../activities/activities.ts';`,
      ['workflows/x.ts -> activities/activities.ts'],
    ],
    [
      'workflows/x.ts',
      `const a = await import('../config/load-config.ts');`,
      ['workflows/x.ts -> config/load-config.ts'],
    ],
    ['workflows/x.ts', `type A = import('../config/config.ts').Config;`, ['workflows/x.ts -> config/config.ts (type)']],
    ['activities/x.ts', `import type { A } from '../config/resolved.ts';`, []],
    ['activities/x.ts', `import { a } from '../config/resolved.ts';`, ['activities/x.ts -> config/resolved.ts']],
    ['workers/x.ts', `import { a } from '../workflows/index.ts';`, ['workers/x.ts -> workflows/index.ts']],
    ['cli/x.ts', `import { a } from '../lab/state.ts';`, ['cli/x.ts -> lab/state.ts']],
    ['cli/x.ts', `require('left-pad');`, ['cli/x.ts -> left-pad']],
    ['index.ts', `import '@temporalio/client';`, ['index.ts -> @temporalio/client']],
    ['kitchen/x.ts', ``, ['kitchen/x.ts -> (no arrow says what this file may import)']],
  ];

  it.each(cases)('%s: %s', (path, code, found) => {
    expect(forbiddenImports(ARROWS, readSource(path, code))).toEqual(found);
  });

  it('follow imports over several files, and not those that are types', () => {
    const chain = (path: string, code: string) => [path, readSource(path, code)] as const;
    const tree = new Map([
      chain('workflows/a.ts', `import './b.ts'; import type { T } from './types.ts';`),
      chain('workflows/b.ts', `export { c } from '../sync/c.ts';`),
      chain('sync/c.ts', ''),
    ]);
    expect([...reachedBy(['workflows/a.ts'], tree).values()]).toEqual([
      'workflows/a.ts',
      'workflows/a.ts -> workflows/b.ts',
      'workflows/a.ts -> workflows/b.ts -> sync/c.ts',
    ]);
  });

  it('see a default export in each of its spellings', () => {
    const spellings = [
      'export default 1;',
      'export default class {}',
      'const a = 1; export { a as default };',
      `export { default } from './a.ts';`,
    ];
    expect(spellings.map((code) => readSource('a.ts', code).exportsDefault)).toEqual([true, true, true, true]);
    expect(readSource('a.ts', 'export const a = 1;').exportsDefault).toBe(false);
  });
});
