import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { HiveFerryPlugin, loadConfig } from 'hive-ferry/worker';
import { runDag } from 'hive-ferry/workflows';
import * as activities from './activities.js';
import { greetings } from './greetings.js';
import { nightly } from './workflows.js';

const { config } = await loadConfig();
const { address = 'localhost:7233', namespace = 'default', taskQueue } = config.temporal;
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  workflowsPath: fileURLToPath(new URL('workflows.js', import.meta.url)),
  activities,
  plugins: [new HiveFerryPlugin({ config })],
});
const client = new Client({ connection: await Connection.connect({ address }), namespace });
const done = await worker.runUntil(async () => {
  const workflowId = `outsider-${Date.now()}`;
  const synced = await client.workflow.execute(nightly, {
    workflowId,
    taskQueue,
    args: [
      { table: 'ref.countries', target: { cluster: 'b', table: 'ferry_outsider.countries' }, createDatabase: true },
    ],
  });
  const { outcome, tasks } = await client.workflow.execute(runDag, {
    workflowId: `${workflowId}-dag`,
    taskQueue,
    args: [{ dag: 'outsider_countries', interval: '2026-11-01' }],
  });
  return { ...synced, dag: { outcome, tasks }, greetings };
});
await client.connection.close();
await connection.close();
process.stdout.write(`${JSON.stringify(done)}\n`);
