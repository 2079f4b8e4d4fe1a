import type { Catalog } from '../../hive/catalog.ts';
import type { Sql } from '../../hive/sql.ts';
import type { Cluster } from '../../sync/cluster.ts';
import { ask } from './ask.ts';
import type { ClusterFindings, HiveServer2Info, Said } from './findings.ts';
import { closingDelays, lookAtNamenode } from './look-at-namenode.ts';
import { type Probing, probeFiles } from './probe-files.ts';

export type ClusterAsked = {
  readonly cluster: Cluster;
  /** It is to be written by a sync. */
  readonly target: boolean;
  readonly user: string;
  readonly webhdfs: readonly string[];
};

/** Asks one cluster everything. Writes only below the control root, only for a target, and only when that may be written. */
export async function lookAtCluster(asked: ClusterAsked, probing: Probing): Promise<ClusterFindings> {
  const { cluster, target, user, webhdfs } = asked;
  const { name, access, catalog, controlRoot, fileSystems } = cluster;
  const { signal } = probing;
  const [files, metastore, hiveserver2] = await Promise.all([
    lookAtFiles(asked, probing),
    ask((each) => defaultDatabase(catalog, each), signal),
    cluster.sql === undefined ? undefined : lookAtHiveServer2(cluster.sql, signal),
  ]);
  return {
    ...{ name, target, access, user, controlRoot, fileSystems },
    ...files,
    namenodes: await Promise.all(webhdfs.map((url) => lookAtNamenode(url, signal))),
    metastore,
    ...(catalog.limits === undefined ? {} : { withoutMetastore: catalog.limits.summary }),
    ...(hiveserver2 === undefined ? {} : { hiveserver2 }),
  };
}

type FilesFindings = Pick<
  ClusterFindings,
  'listed' | 'home' | 'controlRootListed' | 'unfitAsTarget' | 'write' | 'closingDelays'
>;

async function lookAtFiles(asked: ClusterAsked, probing: Probing): Promise<FilesFindings> {
  const { files, access, controlRoot } = asked.cluster;
  const { signal } = probing;
  const lists = (path: string) =>
    ask(async (each) => {
      const pages = await files.list(path, { signal: each });
      if (pages === undefined) return 'absent' as const;
      for await (const _ of pages) break;
      return 'there' as const;
    }, signal);
  const root = await lists('/');
  if (!root.ok) return { listed: root };
  const [home, controlRootListed, unfitAsTarget] = await Promise.all([
    lists(`/user/${asked.user}`),
    lists(controlRoot),
    ask(async (each) => files.unfitAsTarget?.({ signal: each }), signal),
  ]);
  const listed: Said<void> = { ok: true, value: undefined };
  if (!asked.target || access === 'read') return { listed, home, controlRootListed, unfitAsTarget };
  return { listed, home, controlRootListed, unfitAsTarget, write: await probeFiles(files, controlRoot, probing) };
}

async function defaultDatabase(catalog: Catalog, signal: AbortSignal): Promise<string | undefined> {
  return (await catalog.database('default', { signal }))?.location;
}

function lookAtHiveServer2(open: () => Sql, signal: AbortSignal): Promise<Said<HiveServer2Info>> {
  return ask(async (each) => {
    const sql = open();
    const first = async (statement: string): Promise<string> => {
      for await (const [row] of sql.query(statement, { signal: each }))
        return String(Object.values(row ?? {})[0] ?? '');
      return '';
    };
    await first('SELECT 1');
    // A server may forbid what follows, and still do all that a sync asks of it.
    const setting = async (name: string) => /=(.*)/.exec(await first(`SET ${name}`).catch(() => ''))?.[1]?.trim() ?? '';
    const version = (await first('SELECT version()').catch(() => '')).split(' ')[0] ?? '';
    return {
      version,
      autogather: await setting('hive.stats.autogather'),
      usingStats: await setting('hive.compute.query.using.stats'),
    };
  }, signal);
}

/** Needs what the namenodes told, and is of interest only where files are written. */
export async function withClosingDelays(findings: ClusterFindings, signal: AbortSignal): Promise<ClusterFindings> {
  const datanodes = findings.namenodes.flatMap(({ info }) => (info.ok ? info.value.datanodes : []));
  if (!findings.target || datanodes.length === 0) return findings;
  return { ...findings, closingDelays: await closingDelays([...new Set(datanodes)], signal) };
}
