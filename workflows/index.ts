/** The workflows of hive-ferry, to be exported again from the workflow module of a worker of one's own. */
export { backfillDag } from './backfill-dag.ts';
export { cleanTables } from './clean-tables.ts';
export { dagGate } from './dag-gate.ts';
export { restorePartition } from './restore-partition.ts';
export { runDag } from './run-dag.ts';
export { syncTable } from './sync-table.ts';
