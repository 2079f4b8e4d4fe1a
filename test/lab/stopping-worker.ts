import { writeSync } from 'node:fs';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from '../../activities/create-activities.ts';
import { openClusters } from '../../config/open-cluster.ts';
import { resolveConfig, specLimits } from '../../config/resolved.ts';
import { readLabState } from '../../lab/state.ts';
import { workflowsPath } from '../../workers/bundle.ts';
import { labConfig } from './lab-config.ts';
import { type Point, stopAtPoint } from './stop-at-point.ts';

/**
 * A worker over the lab that stops itself at a point between two calls. Its arguments: a task queue, and the Point as JSON, whose
 * calls are counted from the worker's start.
 */
const [taskQueue = '', point = ''] = process.argv.slice(2);
const lab = readLabState();
if (lab === undefined) throw new Error('The lab is not up: npm run lab -- up');
const config = resolveConfig(labConfig('root'));
const tell = (line: string) => void writeSync(1, `${line}\n`);
const { poolBytes } = config.worker;
const load = async (): Promise<never> => {
  throw new Error('This worker knows no DAGs.');
};
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: lab.temporal.address }),
  namespace: lab.temporal.namespace,
  taskQueue,
  workflowsPath: workflowsPath(),
  maxHeartbeatThrottleInterval: '1s',
  activities: createActivities({
    open: stopAtPoint(openClusters(config).open, tell, JSON.parse(point) as Point),
    settings: { limits: specLimits(config) },
    dags: { load, unsignedSpecs: false, activities: [], historyMs: 400 * 86_400_000 },
    poolBytes,
  }),
});
tell('ready');
await worker.run();
