import type { ResolvedSpec } from '../sync/outcome.ts';

/** What a run does where its spec asks for nothing special; test/unit/sync/spec.test.ts holds resolveSpec to the same. */
export const USUAL_CHOICES = {
  schemaVersion: 1,
  engine: 1,
  publish: 'auto',
  compare: 'mtime',
  overwrite: 'never',
  verify: 'checksum',
  chunkBytes: 1024 * 1024 * 1024,
  consistency: 'live',
  createDatabase: false,
  drift: 'add-columns',
  rounds: 3,
  openFiles: 'skip',
  minAgeMs: 0,
  attributes: 'target',
  stats: 'drop',
  afterRefresh: [],
  locationMap: {},
  retainMs: 24 * 60 * 60 * 1000,
} as const satisfies Partial<ResolvedSpec>;
