import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type OpenClusters, openClusters } from '../../config/open-cluster.ts';
import { resolveConfig } from '../../config/resolved.ts';
import { readLabState } from '../../lab/state.ts';
import { concurrently } from '../../sync/concurrently.ts';
import type { ResolvedSpec } from '../../sync/outcome.ts';
import { previewSync } from '../../sync/preview-sync.ts';
import { labConfig } from './lab-config.ts';
import { countCalls } from './namenode-calls.ts';
import { PartsTable } from './parts-table.ts';
import { labSpec, runInProcess } from './run-in-process.ts';

jest.setTimeout(300_000);

/** How far from what was counted the estimate may be, in either direction: a fifth, or so many calls where there are few. */
const TOLERANCE = 0.2;
const FEW = 50;

const table = new PartsTable('ferry_calls');
let clusters: OpenClusters;

beforeAll(async () => {
  clusters = openClusters(resolveConfig(labConfig('root')));
  await table.make(12, 4);
});
afterAll(async () => {
  await table.drop();
  await table.close();
  await clusters.close();
});

type Total = { readonly estimate: number; readonly count: number };

async function estimateAndCount(over: Partial<ResolvedSpec>): Promise<readonly Total[]> {
  const spec = labSpec(table.database, over);
  const reader = {
    open: clusters.open,
    signal: new AbortController().signal,
    heartbeat: () => {},
    now: () => new Date(),
  };
  const { calls: estimate } = await previewSync(reader, spec);
  const lab = readLabState();
  if (lab === undefined) throw new Error('The lab is not up: npm run lab -- up');
  const namenodes = { a: lab.clusters.a.webhdfs, b: lab.clusters.b.webhdfs };
  const { result, calls } = await countCalls(namenodes, () => runInProcess(clusters.open, spec));
  expect(result.outcome.outcome).toMatch(/complete|nothing-to-do/);
  const total = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [
    { estimate: estimate.source.total, count: total(calls.a) },
    { estimate: estimate.target.total, count: total(calls.b) },
  ];
}

const nodes = (count: number) => ({ nodes: { count, memoryBytes: 64 * 2 ** 20 } });

async function change(partitions: number): Promise<void> {
  const paths = Array.from({ length: partitions }, (_, place) => `${table.folder()}/p=${place + 1}/f0`);
  await concurrently(paths, 8, (path) => table.write(path, `changed ${path} ${Math.random()}\n`));
}

describe('the namenode calls that ferry plan tells', () => {
  it.each<[string, () => Promise<void>, Partial<ResolvedSpec>]>([
    ['a first run of one node', async () => {}, nodes(1)],
    ['nothing to do', async () => {}, nodes(1)],
    ['partitions replaced by four nodes', () => change(8), nodes(4)],
    [
      'new and changed ones among others',
      async () => void (await Promise.all([table.add(13, 24, 10), change(3)])),
      nodes(2),
    ],
    ['a relocated table', () => change(4), { ...nodes(2), publish: 'relocate' }],
  ])('are near those of the real run: %s', async (_, prepare, over) => {
    await prepare();
    for (const { estimate, count } of await estimateAndCount(over)) {
      expect(Math.abs(estimate - count)).toBeLessThanOrEqual(Math.max(TOLERANCE * count, FEW));
    }
  });
});
