import { FerryError } from '../errors/ferry-error.ts';
import { createMetastoreCatalog } from '../hive/metastore/metastore-catalog.ts';
import { createWebHdfs } from '../storage/webhdfs/webhdfs-file-system.ts';
import type { Cluster, OpenCluster } from '../sync/cluster.ts';
import { didYouMean } from '../sync/problems.ts';
import type { ResolvedCluster, ResolvedConfig } from './resolved.ts';

export type OpenClusters = {
  readonly open: OpenCluster;
  /** Ends the connections of every cluster that was opened. */
  close(): Promise<void>;
};

/** The clusters of a config. Nothing is connected before the first call on a cluster. */
export function openClusters(config: Pick<ResolvedConfig, 'clusters'>): OpenClusters {
  const opened = new Map<string, Cluster>();
  return {
    open(name) {
      const before = opened.get(name);
      if (before !== undefined) return before;
      const cluster = connect(clusterOf(config, name));
      opened.set(name, cluster);
      return cluster;
    },
    async close() {
      await Promise.all([...opened.values()].flatMap(({ files, catalog }) => [files.close(), catalog.close()]));
      opened.clear();
    },
  };
}

function clusterOf({ clusters }: Pick<ResolvedConfig, 'clusters'>, name: string): ResolvedCluster {
  const cluster = Object.hasOwn(clusters, name) ? clusters[name] : undefined;
  if (cluster !== undefined) return cluster;
  const known = Object.keys(clusters);
  throw new FerryError(
    'CLUSTER_UNKNOWN',
    `${JSON.stringify(name)} is not a cluster of temporal.config.ts (${known.join(', ')})${didYouMean(name, known)}`,
  );
}

function connect(config: ResolvedCluster): Cluster {
  const { name, access, user, fileSystems, controlRoot } = config;
  return {
    name,
    access,
    fileSystems,
    controlRoot,
    files: createWebHdfs({ cluster: name, urls: config.webhdfs, user }),
    catalog: createMetastoreCatalog({ cluster: name, uri: config.metastore, user }),
  };
}
