/** A worker that a scenario kills: `node --import tsx scripted-worker.ts <address> <task queue> <Script as JSON>`. */
import { NativeConnection, Worker } from '@temporalio/worker';
import { play, type Script } from '../workflow/fake-activities.ts';
import { bundle, quietRuntime } from '../workflow/test-environment.ts';

const [address = '', taskQueue = '', script = '{}'] = process.argv.slice(2);

quietRuntime();
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  identity: 'test',
  taskQueue,
  workflowBundle: await bundle(),
  activities: play(JSON.parse(script) as Script).activities,
  maxHeartbeatThrottleInterval: '50ms',
});
await worker.run();
