import type { Column } from '../hive/table.ts';
import { compareTyped } from '../hive/typed-value.ts';
import { readValue } from './selection.ts';

/**
 * The `n` last partitions in the order of their values, the very last one at the end: by the first key, then the next,
 * each by its type, null before all else, as Hive sorts. All of them when there are no more than `n`.
 */
export function lastPartitions<T extends { readonly values: readonly string[] }>(
  partitions: readonly T[],
  keys: readonly Column[],
  n: number,
  defaultPartitionName: string,
): readonly T[] {
  const read = partitions.map((partition) => ({
    partition,
    values: keys.map(({ type }, place) => readValue(type, partition.values[place], defaultPartitionName)),
  }));
  read.sort((a, b) => compareAll(keys, a.values, b.values));
  return read.slice(Math.max(0, read.length - n)).map(({ partition }) => partition);
}

type Read = readonly (string | undefined)[];

function compareAll(keys: readonly Column[], a: Read, b: Read): number {
  for (const [place, { type }] of keys.entries()) {
    const [left, right] = [a[place], b[place]];
    const order =
      left === undefined || right === undefined
        ? Number(left !== undefined) - Number(right !== undefined)
        : compareTyped(type, left, right);
    if (order !== 0) return order;
  }
  return 0;
}
