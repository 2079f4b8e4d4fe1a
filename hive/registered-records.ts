import type { Partition } from './table.ts';

const RECORD = /^hive-ferry\./;

/** True for a parameter that hive-ferry itself keeps with a table or partition. */
export function isOwnParameter(name: string): boolean {
  return RECORD.test(name);
}

/**
 * HiveQL has no statement that sets a partition's parameters, so that over HiveServer2 alone the `hive-ferry.*` of a
 * partition stand among its SerDe's properties. Every catalog reads them as parameters; the parameter itself goes first.
 */
export function withRecordsAsParameters(partition: Partition): Partition {
  const { serde } = partition.storage;
  const entries = Object.entries(serde.parameters);
  const records = entries.filter(([name]) => isOwnParameter(name));
  if (records.length === 0) return partition;
  const parameters = Object.fromEntries(entries.filter(([name]) => !isOwnParameter(name)));
  return {
    ...partition,
    storage: { ...partition.storage, serde: { ...serde, parameters } },
    parameters: { ...Object.fromEntries(records), ...partition.parameters },
  };
}
