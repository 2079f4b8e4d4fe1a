import type { Code } from '../../errors/codes.ts';
import type { Credentials } from './credentials.ts';

/** What a question came to: an answer, or why there is none. */
export type Said<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failed: Failed };

export type Failed = {
  readonly code: Code;
  readonly message: string;
  /** Of an HTTP 401: how the server wants to be asked ('Negotiate'). */
  readonly scheme?: string;
};

export type TemporalFindings = {
  readonly address: string;
  readonly namespace: string;
  readonly credentials: Said<Credentials>;
  /** The server's version. */
  readonly connected: Said<string>;
  /** False: the server knows no namespace of this name. Left out when there is no connection. */
  readonly namespaceKnown?: Said<boolean>;
  readonly queues: readonly { readonly name: string; readonly polled: Said<boolean> }[];
};

export type NamenodeInfo = {
  readonly version: string;
  readonly state: string;
  /** Its words while it is in safe mode, else ''. */
  readonly safeMode: string;
  readonly secure: boolean;
  readonly live: number;
  readonly dead: number;
  /** Of the live datanodes: 'host:port' of their HTTP pages. */
  readonly datanodes: readonly string[];
};

export type NamenodeFindings = {
  readonly url: string;
  /** Its clock before (-) or after this machine's, in milliseconds; left out when it did not answer. */
  readonly skewMs?: number;
  readonly info: Said<NamenodeInfo>;
};

/** What a probe in the control root came to, as far as it got: each step needs the one before. */
export type WriteFindings = {
  readonly folder: string;
  readonly made: Said<void>;
  readonly written?: Said<void>;
  /** false: refused. */
  readonly renamed?: Said<boolean>;
  /** Whether a rename onto a file that is there was refused, both files left as they were. */
  readonly renameHeeded?: Said<boolean>;
  /** The algorithm. */
  readonly checksum?: Said<string>;
  readonly deleted?: Said<boolean>;
};

/** Milliseconds of dfs.client.block.write.locateFollowingBlock.initial.delay.ms, as a datanode has it. */
export type ClosingDelay = { readonly datanode: string; readonly delayMs: Said<number> };

export type ClusterFindings = {
  readonly name: string;
  /** It may be written: by what was asked, or because any cluster of the config may be a target. */
  readonly target: boolean;
  readonly access: 'read' | 'write';
  readonly user: string;
  readonly controlRoot: string;
  readonly fileSystems: readonly string[];
  readonly namenodes: readonly NamenodeFindings[];
  readonly listed: Said<void>;
  /** The rest of the file system, asked when it lists. 'absent' is the server's proof. */
  readonly home?: Said<'there' | 'absent'>;
  readonly controlRootListed?: Said<'there' | 'absent'>;
  /** Why no sync can publish through this server, in its words; undefined: nothing speaks against it. */
  readonly unfitAsTarget?: Said<string | undefined>;
  /** Left out when the cluster is not to be written. */
  readonly write?: WriteFindings;
  readonly closingDelays?: readonly ClosingDelay[];
  /** How the catalog is reached where the config names no metastore: 'HiveServer2 only, slower'. */
  readonly withoutMetastore?: string;
  /** The location of the database `default`, as the catalog tells; undefined: there is none. */
  readonly metastore: Said<string | undefined>;
  /** Left out when the config names no HiveServer2. */
  readonly hiveserver2?: Said<HiveServer2Info>;
};

export type HiveServer2Info = {
  /** '' when the server does not tell. */
  readonly version: string;
  /** hive.stats.autogather and hive.compute.query.using.stats; '' when the server does not tell. */
  readonly autogather: string;
  readonly usingStats: string;
};
