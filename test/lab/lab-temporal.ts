import { Client, Connection } from '@temporalio/client';
import { readLabState } from '../../lab/state.ts';

/** A client of the lab's Temporal server, to be closed by the test. */
export async function labTemporal(): Promise<{ readonly client: Client; close(): Promise<void> }> {
  const lab = readLabState();
  if (lab === undefined) throw new Error('The lab is not up: npm run lab -- up');
  const { address, namespace } = lab.temporal;
  const connection = await Connection.connect({ address });
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}
