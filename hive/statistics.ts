/**
 * The parameters in which the metastore keeps what it knows of a table's or partition's files and rows
 * (StatsSetupConst). Hive answers count(*) from them without a look at the files when they are marked accurate.
 */
export const STATISTICS_PARAMETERS: readonly string[] = [
  'numFiles',
  'totalSize',
  'rawDataSize',
  'numRows',
  'numPartitions',
  'numFilesErasureCoded',
  'COLUMN_STATS_ACCURATE',
  'STATS_GENERATED',
  'STATS_GENERATED_VIA_STATS_TASK',
];

/** The parameters without the statistics. */
export function withoutStatistics(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => !STATISTICS_PARAMETERS.includes(key)));
}
