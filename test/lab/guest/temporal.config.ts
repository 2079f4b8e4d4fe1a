import { defineConfig } from '../../../index.ts';
import { clusterConfig } from '../../../lab/cluster-config.ts';
import { readLabState } from '../../../lab/state.ts';
import lab from '../../../temporal.config.ts';

const state = readLabState();
if (state === undefined) throw new Error('The lab is not up: npm run lab -- up');
const { a, b } = state.clusters;

/** The lab's config for a user who may do only what files and folders let him do: the other one is HDFS's superuser. */
export default defineConfig({
  ...lab,
  clusters: { a: clusterConfig(a, 'ferry_guest'), b: clusterConfig(b, 'ferry_guest') },
});
