/** The workflows of hive-ferry, to be exported again from the workflow module of a worker of one's own. */
export { syncTable } from './sync-table.ts';
