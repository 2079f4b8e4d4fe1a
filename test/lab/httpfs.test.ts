import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type OpenClusters, openClusters } from '../../config/open-cluster.ts';
import { resolveConfig } from '../../config/resolved.ts';
import { codeOf, messageOf } from '../../errors/ferry-error.ts';
import { type HttpFs, startHttpFs } from '../../lab/httpfs.ts';
import type { ResolvedSpec } from '../../sync/outcome.ts';
import { previewSync } from '../../sync/preview-sync.ts';
import { verifyTable } from '../../sync/verify.ts';
import { labConfig } from './lab-config.ts';
import { labCluster } from './lab-metastore.ts';
import { LinesTable } from './lines-table.ts';
import { labSpec, runInProcess } from './run-in-process.ts';

jest.setTimeout(300_000);

const table = new LinesTable('ferry_httpfs');
const opened: OpenClusters[] = [];
let httpFs: HttpFs;

/** The lab's clusters, with cluster a at these addresses. */
function labWith(webhdfs: string | readonly string[]): OpenClusters {
  const { clusters } = labConfig('root');
  const a = clusters.a;
  if (a === undefined) throw new Error('The lab has no cluster a');
  const config = resolveConfig({ ...labConfig('root'), clusters: { ...clusters, a: { ...a, webhdfs } } });
  const open = openClusters(config);
  opened.push(open);
  return open;
}

function readerOf({ open }: OpenClusters) {
  return { open, signal: new AbortController().signal, heartbeat: () => {}, now: () => new Date() };
}

beforeAll(async () => {
  await table.make();
  httpFs = await startHttpFs('a', (line) => void process.stderr.write(`${line}\n`));
});
afterAll(async () => {
  await Promise.all(opened.map((clusters) => clusters.close()));
  await httpFs?.end();
  await table.drop();
  await table.close();
});

describe('case 12: a cluster behind a real HttpFS', () => {
  it('is copied whole as a source; then there is nothing to do, and both sides are one', async () => {
    const gateway = labWith(httpFs.url);
    const first = await runInProcess(gateway.open, labSpec(table.database));
    expect(first.outcome).toMatchObject({ outcome: 'complete', failures: [], partitions: { published: 2 } });
    const second = await runInProcess(gateway.open, labSpec(table.database));
    expect(second.outcome).toMatchObject({ outcome: 'nothing-to-do', bytes: { copied: 0 } });
    // Both as the gateway shows the source, and as its namenode does.
    for (const clusters of [gateway, openedAsItIs()]) {
      const verified = await verifyTable(readerOf(clusters), labSpec(table.database), 'files');
      expect(verified).toMatchObject({ identical: true, partitions: 2, differences: [] });
    }
  });

  it('passes on what changes of the source', async () => {
    await table.write('p=2', 'small', 'hello again\n');
    const { outcome } = await runInProcess(labWith(httpFs.url).open, labSpec(table.database));
    expect(outcome).toMatchObject({ outcome: 'complete', partitions: { published: 1, unchanged: 1 } });
    expect(await table.names(`${table.folder()}/p=2`)).toEqual(['small']);
  });

  it.each<[string, (namenode: string) => string | readonly string[]]>([
    ['HttpFS alone', () => httpFs.url],
    ['HttpFS after a namenode', (namenode) => [namenode, httpFs.url]],
    ['HttpFS before a namenode', (namenode) => [httpFs.url, namenode]],
  ])('is refused as a target by name, before anything is written: %s', async (_, urls) => {
    const over: Partial<ResolvedSpec> = {
      source: { cluster: 'b', database: table.database, table: 'lines' },
      target: { cluster: 'a', database: table.database, table: 'lines' },
    };
    const clusters = labWith(urls(labCluster('a').webhdfs));
    const error = await previewSync(readerOf(clusters), labSpec(table.database, over)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(codeOf(error)).toBe('CONFIG_INVALID');
    expect(messageOf(error)).toMatch(/^cluster a cannot be a target: HttpFS answers there/);
  });
});

function openedAsItIs(): OpenClusters {
  const clusters = openClusters(resolveConfig(labConfig('root')));
  opened.push(clusters);
  return clusters;
}
