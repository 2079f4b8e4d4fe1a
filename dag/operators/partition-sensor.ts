import { z } from 'zod';
import { partition } from '../../sync/spec-schema.ts';
import { plain } from '../json.ts';
import { clusterField, type Operation, type Operator, sensorFields, tableField } from './operator.ts';

export type PartitionSensorOptions = {
  readonly cluster: string;
  /** 'db.table' */
  readonly table: string;
  /** One Hive partition name, or several, all of which are waited for: 'dt={{ ds }}/region=eu'. */
  readonly partition: string | readonly string[];
  /** How often it looks. Default '1m'. */
  readonly every?: string;
  /** How long it waits before the task fails. Default '7d'. */
  readonly timeout?: string;
};

/** Waits until the catalog of a cluster has a partition. Its XCom is {partitions, waitedSeconds}. */
export function partitionSensor(options: PartitionSensorOptions): Operation {
  const input = plain(options);
  return { action: { kind: 'activity', operator: 'partitionSensor', activity: 'partitionSensor', input } };
}

export const partitionSensorInput = z
  .strictObject({
    cluster: clusterField,
    table: tableField,
    partition: z
      .union([partition, z.array(partition).min(1).max(1000)])
      .describe('a Hive partition name, such as "dt=2026-01-01/region=eu", or a list of at most 1000'),
    ...sensorFields,
  })
  .describe('an object such as {"cluster": "a", "table": "sales.orders", "partition": "dt={{ ds }}"}');

export const PARTITION_SENSOR: Operator = {
  kind: 'activity',
  activity: 'partitionSensor',
  input: partitionSensorInput,
  hiveql: [],
};
