import type { ClusterConfig, Config } from '../../config/config.ts';
import { defineConfig } from '../../config/define-config.ts';
import { type LabCluster, readLabState } from '../../lab/state.ts';

export type LabConfigOptions = {
  /** Who the clusters are asked as. Default: root, their superuser. */
  readonly user?: string;
  /** Other addresses of a cluster, such as those of a proxy. */
  readonly a?: Partial<ClusterConfig>;
  readonly b?: Partial<ClusterConfig>;
};

/** A config of the running lab's two clusters. */
export function labConfig({ user = 'root', a = {}, b = {} }: LabConfigOptions = {}): Config {
  const lab = readLabState();
  if (lab === undefined) throw new Error('The lab is not up: npm run lab -- up');
  const cluster = ({ webhdfs, fileSystem, metastore, hiveserver2 }: LabCluster): ClusterConfig => ({
    webhdfs,
    fileSystem,
    metastore,
    user,
    hiveserver2: { ...hiveserver2, auth: 'nosasl' },
  });
  return defineConfig({
    clusters: { a: { ...cluster(lab.clusters.a), ...a }, b: { ...cluster(lab.clusters.b), ...b } },
  });
}
