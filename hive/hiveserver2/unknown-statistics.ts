import { withoutStatistics } from '../statistics.ts';

/**
 * HiveQL cannot take statistics away (UNSET TBLPROPERTIES refuses numRows), but with this Hive takes none for accurate
 * any more and reads the files for count(*).
 */
export const UNKNOWN_STATISTICS = "UPDATE STATISTICS SET ('numRows'='-1')";

/** True when the parameters hold nothing from which Hive would answer a query. */
export function hasUnknownStatistics(parameters: Readonly<Record<string, string>>): boolean {
  const { numRows = '-1', COLUMN_STATS_ACCURATE } = parameters;
  return numRows === '-1' && COLUMN_STATS_ACCURATE === undefined;
}

/** The parameters without statistics that say nothing. */
export function withoutUnknownStatistics(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return hasUnknownStatistics(parameters) ? withoutStatistics(parameters) : { ...parameters };
}
