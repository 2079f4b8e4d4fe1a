import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { HiveFerryPlugin, loadConfig } from 'hive-ferry/worker';
import * as activities from './activities.js';
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
const done = await worker.runUntil(
  client.workflow.execute(nightly, {
    workflowId: `outsider-${Date.now()}`,
    taskQueue,
    args: [
      { table: 'ref.countries', target: { cluster: 'b', table: 'ferry_outsider.countries' }, createDatabase: true },
    ],
  }),
);
await client.connection.close();
await connection.close();
process.stdout.write(`${JSON.stringify(done)}\n`);
