import { FerryError } from '../errors/ferry-error.ts';
import type { Catalog } from '../hive/catalog.ts';
import { createHiveServer2, type HiveServer2Options } from '../hive/hiveserver2/hiveserver2.ts';
import { createHiveServer2Catalog } from '../hive/hiveserver2/hiveserver2-catalog.ts';
import { createMetastoreCatalog } from '../hive/metastore/metastore-catalog.ts';
import type { Sql } from '../hive/sql.ts';
import type { Budget } from '../storage/budget.ts';
import { createWebHdfs } from '../storage/webhdfs/webhdfs-file-system.ts';
import type { Cluster, OpenCluster } from '../sync/cluster.ts';
import { didYouMean } from '../sync/problems.ts';
import type { ResolvedCluster, ResolvedConfig } from './resolved.ts';
import { readSecret } from './secret.ts';

export type OpenClusters = {
  readonly open: OpenCluster;
  /** Ends the connections of every cluster that was opened. */
  close(): Promise<void>;
};

/**
 * The clusters of a config. Nothing is connected before the first call on a cluster. `callsTo` gives the budget of calls to
 * the namenodes of one; left out: no limit.
 */
export function openClusters(
  config: Pick<ResolvedConfig, 'clusters'>,
  callsTo: (cluster: string) => Budget | undefined = () => undefined,
): OpenClusters {
  const opened = new Map<string, Opened>();
  return {
    open(name) {
      const before = opened.get(name);
      if (before !== undefined) return before.cluster;
      const now = connect(clusterOf(config, name), callsTo(name));
      opened.set(name, now);
      return now.cluster;
    },
    async close() {
      const all = [...opened.values()];
      opened.clear();
      await Promise.all(all.map((each) => each.close()));
    },
  };
}

type Opened = { readonly cluster: Cluster; close(): Promise<void> };

function clusterOf({ clusters }: Pick<ResolvedConfig, 'clusters'>, name: string): ResolvedCluster {
  const cluster = Object.hasOwn(clusters, name) ? clusters[name] : undefined;
  if (cluster !== undefined) return cluster;
  const known = Object.keys(clusters);
  throw new FerryError(
    'CLUSTER_UNKNOWN',
    `${JSON.stringify(name)} is not a cluster of temporal.config.ts (${known.join(', ')})${didYouMean(name, known)}`,
  );
}

function connect(config: ResolvedCluster, calls: Budget | undefined): Opened {
  const { name, access, user, fileSystems, controlRoot } = config;
  const files = createWebHdfs({ cluster: name, urls: config.webhdfs, user, calls });
  const catalog = openCatalog(config);
  let sql: Sql | undefined;
  const openSql = () => {
    sql ??= createHiveServer2(hiveServer2(config));
    return sql;
  };
  return {
    cluster: {
      name,
      access,
      fileSystems,
      controlRoot,
      files,
      catalog,
      ...(config.hiveserver2 === undefined ? {} : { sql: openSql }),
    },
    async close() {
      await Promise.all([files.close(), catalog.close(), sql?.close()]);
    },
  };
}

/** Over HiveServer2 only where the config names no metastore. */
function openCatalog(config: ResolvedCluster): Catalog {
  const { name, metastore, user } = config;
  if (metastore === undefined) return createHiveServer2Catalog(hiveServer2(config));
  return createMetastoreCatalog({ cluster: name, uri: metastore, user });
}

function hiveServer2({ name, hiveserver2 }: ResolvedCluster): HiveServer2Options {
  if (hiveserver2 === undefined) throw new FerryError('CONFIG_INVALID', `Cluster ${name} names no hiveserver2.`);
  const { host, port, auth, user, password } = hiveserver2;
  return {
    cluster: name,
    host,
    port,
    auth,
    user,
    ...(password === undefined
      ? {}
      : { password: () => readSecret(`clusters.${name}.hiveserver2.password`, password) }),
  };
}
