import { checkedInput } from '../dag/operators/operator.ts';
import { partitionSensorInput } from '../dag/operators/partition-sensor.ts';
import type { Json } from '../dag/spec.ts';
import { parsePartitionName } from '../hive/partition-name.ts';
import { activity, type Shared } from './activity.ts';
import { afterLook } from './sensor.ts';

/** Looks whether a table has the partitions, by their values and whatever the order of the keys in their names. */
export function partitionSensor(shared: Shared) {
  return activity('partitionSensor', shared, async ({ open, signal }, raw: Json) => {
    const input = checkedInput('partitionSensor', partitionSensorInput, raw);
    const [database = '', table = ''] = input.table.split('.');
    const names = (await open(input.cluster).catalog.partitionNames({ database, table }, { signal })) ?? [];
    const known = new Set(names.map(identityOf));
    const partitions = [input.partition].flat();
    const missing = partitions.filter((name) => !known.has(identityOf(name)));
    const waitedSeconds = afterLook(
      missing.length === 0,
      `the partition ${missing[0]} of ${input.cluster}:${input.table}`,
      input,
    );
    return { partitions, waitedSeconds };
  });
}

function identityOf(name: string): string {
  const pairs = parsePartitionName(name).map(({ key, value }) => [key.toLowerCase(), value] as const);
  return JSON.stringify([...pairs].sort(([one], [other]) => (one < other ? -1 : 1)));
}
