import type { PartitionAlteration } from './change.ts';
import { withoutStatistics } from './statistics.ts';
import type { Partition, StorageDescriptor } from './table.ts';

/**
 * What to do about one alteration: `alter`, or `done` (everything it asks for is there, as after a call whose answer
 * was lost), or `unexpected` (the partition is gone, or stands at another location than was planned).
 */
export function judgeAlteration(
  existing: Partition | undefined,
  asked: PartitionAlteration,
): 'alter' | 'done' | 'unexpected' {
  if (existing === undefined) return 'unexpected';
  if (isAsAsked(existing, asked)) return 'done';
  return samePlace(existing.storage.location, asked.expectLocation) ? 'alter' : 'unexpected';
}

/** The parameters after an alteration: what was there without its statistics, and what is asked for. */
export function alteredParameters(
  existing: Readonly<Record<string, string>>,
  asked: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...withoutStatistics(existing), ...asked };
}

/** Compares two catalog locations as Hadoop's Path does, without regard to trailing slashes. */
export function samePlace(one: string, other: string): boolean {
  return one.replace(/\/+$/, '') === other.replace(/\/+$/, '');
}

/** True when every asked parameter is there with its value. */
export function hasParameters(
  existing: Readonly<Record<string, string>>,
  asked: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(asked).every(([key, value]) => existing[key] === value);
}

/** True when nothing of the statistics is left in the parameters. */
export function hasNoStatistics(parameters: Readonly<Record<string, string>>): boolean {
  return Object.keys(withoutStatistics(parameters)).length === Object.keys(parameters).length;
}

function isAsAsked(existing: Partition, asked: PartitionAlteration): boolean {
  return (
    samePlace(existing.storage.location, asked.location) &&
    hasParameters(existing.parameters, asked.parameters) &&
    hasNoStatistics(existing.parameters) &&
    (asked.storage === undefined || sameStorage(existing.storage, asked.storage))
  );
}

function sameStorage(existing: StorageDescriptor, asked: Omit<StorageDescriptor, 'location'>): boolean {
  return canonical({ ...existing, location: '' }) === canonical({ ...asked, location: '' });
}

/** JSON with sorted keys; absent and undefined are the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
