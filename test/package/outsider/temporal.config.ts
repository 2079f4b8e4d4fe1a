import { readFileSync } from 'node:fs';
import { type ClusterConfig, defineConfig } from 'hive-ferry';

type Lab = {
  readonly clusters: Readonly<Record<'a' | 'b', Record<'webhdfs' | 'fileSystem' | 'metastore', string>>>;
  readonly temporal: { readonly address: string; readonly namespace: string };
};

const lab = JSON.parse(readFileSync(`${process.env.HIVE_FERRY_LAB}/state.json`, 'utf8')) as Lab;
const cluster = ({ webhdfs, fileSystem, metastore }: Lab['clusters']['a']): ClusterConfig => ({
  webhdfs,
  fileSystem,
  metastore,
  user: 'root',
});

export default defineConfig({
  temporal: { address: lab.temporal.address, namespace: lab.temporal.namespace, taskQueue: 'ferry-outsider' },
  clusters: { a: { ...cluster(lab.clusters.a), access: 'read' }, b: cluster(lab.clusters.b) },
  defaults: { source: 'a', target: 'b' },
  dags: { activities: ['greet'] },
});
