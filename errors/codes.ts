/** What a caller may do with an error of this code: `retry` it, try again in a later `round`, or `never`. */
export type RetryClass = 'retry' | 'busy' | 'round' | 'never';
/** Who can mend it: the person who wrote the input, who runs the clusters and workers, or who maintains hive-ferry. */
export type Audience = 'user' | 'operator' | 'maintainer';

type Row = { readonly retry: RetryClass; readonly audience: Audience; readonly hint: string };

/**
 * THE table of error codes. Retry policies, failures, exit codes and docs/errors.md derive from it.
 * `round`: a partition fails with it, the node goes on, and the run tries the partition again in a later round.
 */
// biome-ignore format: a table, one row a line
export const CODES = {
  // input and configuration
  SPEC_INVALID: { retry: 'never', audience: 'user', hint: 'Correct the named fields and start the run again.' },
  CONFIG_INVALID: { retry: 'never', audience: 'user', hint: 'Correct the named fields of temporal.config.ts.' },
  CLUSTER_UNKNOWN: { retry: 'never', audience: 'user', hint: 'Name a cluster of temporal.config.ts.' },
  ACCESS_READ_ONLY: { retry: 'never', audience: 'user', hint: 'This cluster is marked access: "read"; name another target.' },
  // tables
  DATABASE_NOT_FOUND: { retry: 'never', audience: 'user', hint: 'Create the database, or allow it with createDatabase: true.' },
  TABLE_NOT_FOUND: { retry: 'never', audience: 'user', hint: 'Check the spelling of database and table on that cluster. A target table that was dropped while it was copied is made anew by the next sync.' },
  TABLE_UNSUPPORTED: { retry: 'never', audience: 'user', hint: 'hive-ferry copies plain Hive tables whose files stand alone; see docs/guarantees.md.' },
  DRIFT_INCOMPATIBLE: { retry: 'never', audience: 'user', hint: 'Change the target table by hand, or sync into another one.' },
  PUBLISH_UNSUPPORTED: { retry: 'never', audience: 'user', hint: 'Use publish: "relocate" for an unpartitioned table, "swap" or "relocate" for a partitioned one.' },
  LOCATION_UNSUPPORTED: { retry: 'never', audience: 'operator', hint: 'The location is not on the HDFS of this cluster, or is shared or nested; give each partition a folder of its own.' },
  STAGE_APART: { retry: 'never', audience: 'operator', hint: 'What is staged lands by a rename. Set the quota or the encryption zone on the table\'s own folder or one above it, or give that partition a table of its own.' },
  PLAN_STALE: { retry: 'never', audience: 'user', hint: 'Both sides have moved on since the plan was made. Plan again, look at it, and sync that.' },
  PRUNE_LIMIT: { retry: 'never', audience: 'user', hint: 'Look at the plan; when so many partitions are meant to go, raise prune.percent.' },
  SOURCE_RECREATED: { retry: 'never', audience: 'user', hint: 'The source table was dropped and made anew. Sync without prune, or drop the target table\'s property hive-ferry.source-table when it is meant to follow the new one.' },
  PARTITION_AMBIGUOUS: { retry: 'never', audience: 'operator', hint: 'Two partitions stand for one typed value; drop one of them on that cluster.' },
  // a partition's fate
  TARGET_DIVERGED: { retry: 'never', audience: 'user', hint: 'The target partition was changed by other hands. Look at it, then sync with overwrite: "diverged" to replace it.' },
  TARGET_CHANGED: { retry: 'round', audience: 'operator', hint: 'The target partition changed while it was being copied; the next round plans it again.' },
  SOURCE_CHANGED: { retry: 'round', audience: 'operator', hint: 'The source partition kept changing while it was read; sync again when its writer is done.' },
  SOURCE_ABSENT: { retry: 'never', audience: 'operator', hint: 'The source catalog names a folder that is not there; drop the partition there, or put its files back.' },
  SNAPSHOT_REFUSED: { retry: 'never', audience: 'operator', hint: 'An administrator of that cluster allows snapshots of the folder, or of one above it: hdfs dfsadmin -allowSnapshot <folder>. Or sync with consistency: "live".' },
  SOURCE_OPEN: { retry: 'round', audience: 'operator', hint: 'A file of the source partition is still being written; sync again when its writer is done.' },
  CHECKSUM_MISMATCH: { retry: 'round', audience: 'operator', hint: 'The bytes written are not the bytes read; if it stays so, check the disks of both clusters with hdfs fsck.' },
  LENGTH_MISMATCH: { retry: 'round', audience: 'operator', hint: 'The file written is shorter or longer than the file read.' },
  INCOMPARABLE: { retry: 'never', audience: 'user', hint: 'The two clusters have no checksum in common; choose verify: "stream" or verify: "length".' },
  // attempts, runs, nodes
  CLAIMED: { retry: 'retry', audience: 'operator', hint: 'A newer attempt of this node has taken over; nothing is lost.' },
  RUN_CLOSED: { retry: 'never', audience: 'operator', hint: 'This run has ended and cannot go on; start a new one, it copies only what is missing.' },
  PLAN_CORRUPT: { retry: 'never', audience: 'operator', hint: 'A plan or manifest on the target is not the one this run wrote; start a new run.' },
  POOL_BUSY: { retry: 'busy', audience: 'operator', hint: 'The memory pool of this worker is taken; the node waits for its turn.' },
  NODE_TOO_LARGE: { retry: 'never', audience: 'user', hint: 'Ask for less memory a node, or give the worker a larger pool.' },
  NODE_TOO_SMALL: { retry: 'never', audience: 'user', hint: 'Ask for more memory a node; minNodeMemory in temporal.config.ts is the least.' },
  // tasks of DAGs
  SENSOR_WAITING: { retry: 'busy', audience: 'user', hint: 'What the sensor waits for is not there yet; it looks again.' },
  SENSOR_TIMEOUT: { retry: 'never', audience: 'user', hint: 'What the sensor waited for did not come in time; clear the task when it is there, or give it a longer timeout.' },
  CHECK_FAILED: { retry: 'never', audience: 'user', hint: 'The data is not what the check asks for; mend it, then clear the task.' },
  TABLES_DIFFER: { retry: 'never', audience: 'user', hint: 'The target is not the same as the source; "ferry verify --repair" copies the partitions that differ.' },
  // servers
  UNREACHABLE: { retry: 'retry', audience: 'operator', hint: 'Check that the server runs and that the address in temporal.config.ts is right.' },
  DEADLINE: { retry: 'retry', audience: 'operator', hint: 'The server did not answer in time.' },
  CONNECTION_LOST: { retry: 'retry', audience: 'operator', hint: 'The connection broke before the answer was whole.' },
  STANDBY: { retry: 'retry', audience: 'operator', hint: 'No namenode of this cluster is active; name all of them in temporal.config.ts.' },
  SAFE_MODE: { retry: 'retry', audience: 'operator', hint: 'The namenode is in safe mode; it goes on when that ends.' },
  SERVER_ERROR: { retry: 'retry', audience: 'operator', hint: 'The server failed; its own words are above.' },
  BAD_ANSWER: { retry: 'retry', audience: 'operator', hint: 'The answer is not one this server gives; is there a proxy in between?' },
  AUTH_REQUIRED: { retry: 'never', audience: 'operator', hint: 'The server asks for authentication that temporal.config.ts does not give.' },
  PERMISSION_DENIED: { retry: 'never', audience: 'operator', hint: 'Grant the user of temporal.config.ts the named right.' },
  QUOTA_EXCEEDED: { retry: 'never', audience: 'operator', hint: 'Raise the quota or free space; then sync again, it copies only what is missing.' },
  NO_SPACE: { retry: 'round', audience: 'operator', hint: 'No datanode takes another block; most often their disks are full: hdfs dfsadmin -report shows it. Free space, then sync again, it copies only what is missing.' },
  PATH_ABSENT: { retry: 'round', audience: 'operator', hint: 'The path, or the folder it should lie in, is not there.' },
  PATH_EXISTS: { retry: 'round', audience: 'operator', hint: 'Something stands at the path already.' },
  NOT_A_FOLDER: { retry: 'round', audience: 'operator', hint: 'A file stands where a folder is needed.' },
  SQL_FAILED: { retry: 'never', audience: 'user', hint: 'HiveServer2 refused or failed the statement; its own words are above.' },
  CATALOG_CONFLICT: { retry: 'round', audience: 'operator', hint: 'The metastore shows something else than was planned; the next round plans it again.' },
  CATALOG_REFUSED: { retry: 'never', audience: 'operator', hint: 'The metastore refused the change; its own words are above.' },
  INTERNAL: { retry: 'retry', audience: 'maintainer', hint: 'This is a fault of hive-ferry; please report it with the message above.' },
} as const satisfies Record<string, Row>;

export type Code = keyof typeof CODES;

/** True when repeating the call mends nothing: `never`, and `round`, which is the run's to start. */
export function endsCall(code: Code): boolean {
  return CODES[code].retry === 'never' || CODES[code].retry === 'round';
}

/** The codes that end a call, for a retry policy's nonRetryableErrorTypes. */
export const FINAL_CODES: readonly Code[] = (Object.keys(CODES) as Code[]).filter(endsCall);
