const project = (name, extra = {}) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // The kept libraries that ship ES modules only; Jest runs the tests as CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!(pretty-bytes)/)', '/dist/'],
  testEnvironment: 'node',
  ...extra,
});

export default {
  watchman: false,
  // No test is about time: a machine that is busy with something else makes none fail.
  testTimeout: 60_000,
  projects: [
    project('unit'),
    project('contract'),
    project('crash'),
    project('workflow'),
    project('replay'),
    project('lab'),
    project('package'),
    project('browser'),
    project('layers', { testMatch: ['<rootDir>/test/{layers,faults}.test.ts'] }),
  ],
};
