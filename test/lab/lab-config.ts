import type { Config } from '../../config/config.ts';
import { defineConfig } from '../../config/define-config.ts';
import { clusterConfig } from '../../lab/cluster-config.ts';
import { readLabState } from '../../lab/state.ts';

/** A config of the running lab's two clusters, asked as this user. */
export function labConfig(user: string): Config {
  const lab = readLabState();
  if (lab === undefined) throw new Error('The lab is not up: npm run lab -- up');
  return defineConfig({
    clusters: { a: clusterConfig(lab.clusters.a, user), b: clusterConfig(lab.clusters.b, user) },
  });
}
