import { userInfo } from 'node:os';
import { defineConfig } from './index.ts';
import { clusterConfig } from './lab/cluster-config.ts';
import { readLabState } from './lab/state.ts';

/** This repository's own config: the two clusters and the Temporal server of the lab, on whatever ports they came up. */

const lab = readLabState();
if (lab === undefined) throw new Error('The lab is not running. Start it with: npm run lab -- up');

// The lab's servers run as whoever started them, who is their superuser.
const user = userInfo().username;

export default defineConfig({
  temporal: { address: lab.temporal.address, namespace: lab.temporal.namespace, ui: lab.temporal.ui },
  clusters: { a: clusterConfig(lab.clusters.a, user), b: clusterConfig(lab.clusters.b, user) },
  // A limit of the demo: it makes a middle that a worker can be killed in.
  worker: {
    pool: '1GiB',
    minNodeMemory: '64MiB',
    ...(process.env.FERRY_LAB_BANDWIDTH ? { bandwidth: process.env.FERRY_LAB_BANDWIDTH } : {}),
  },
  defaults: { source: 'a', target: 'b' },
  dags: {
    folder: 'examples/dags',
    // What ferry dag deploy signs with: any text, the same for the worker.
    ...(process.env.FERRY_DAGS_KEY ? { signingKey: { env: 'FERRY_DAGS_KEY' } } : {}),
  },
});
