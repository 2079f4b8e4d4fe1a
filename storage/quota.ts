/**
 * What stands at and below a path as quotas count it, and the quotas set on this very path.
 * https://hadoop.apache.org/docs/stable/hadoop-project-dist/hadoop-hdfs/HdfsQuotaAdminGuide.html
 */
export type QuotaUsage = {
  /** Files and folders, the path itself among them. */
  readonly names: number;
  /** undefined: none is set here; one set above may count all the same. */
  readonly nameQuota: number | undefined;
  /** Bytes, every replica counted; of a file being written, whole blocks. */
  readonly space: number;
  readonly spaceQuota: number | undefined;
};

/** How a cluster writes a new file that is not asked for otherwise. */
export type FileDefaults = {
  /** Copies of each block. */
  readonly replication: number;
  /** Bytes. */
  readonly blockSize: number;
};
