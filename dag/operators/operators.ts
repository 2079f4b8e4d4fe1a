import { ACTIVITY_TASK } from './activity-task.ts';
import { BRANCH } from './branch.ts';
import { FILE_SENSOR } from './file-sensor.ts';
import { HIVE_CHECK } from './hive-check.ts';
import { HIVE_QUERY } from './hive-query.ts';
import type { Operator } from './operator.ts';
import { PARTITION_SENSOR } from './partition-sensor.ts';
import { SHORT_CIRCUIT } from './short-circuit.ts';
import { SYNC_TABLE } from './sync-table.ts';
import { VERIFY_TABLE } from './verify-table.ts';

/** Every operator by the name that a DAG spec has it under. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  syncTable: SYNC_TABLE,
  partitionSensor: PARTITION_SENSOR,
  fileSensor: FILE_SENSOR,
  hiveQuery: HIVE_QUERY,
  hiveCheck: HIVE_CHECK,
  verifyTable: VERIFY_TABLE,
  activityTask: ACTIVITY_TASK,
  branch: BRANCH,
  shortCircuit: SHORT_CIRCUIT,
};
