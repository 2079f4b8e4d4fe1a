import type { SecretSource } from './secret.ts';

/**
 * The shape of temporal.config.ts as users write it (defineConfig checks it) and as the rest of hive-ferry reads it.
 * Sizes are texts such as '256MiB' (KiB, MiB, GiB, TiB; nothing else).
 */
export type Config = {
  readonly temporal?: TemporalConfig;
  readonly clusters: Readonly<Record<string, ClusterConfig>>;
  readonly worker?: WorkerConfig;
  readonly defaults?: DefaultsConfig;
  readonly dags?: DagsConfig;
};

export type TemporalConfig = {
  /** 'host:port'. What is left out comes from @temporalio/envconfig (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_PROFILE, temporal.toml). */
  readonly address?: string;
  readonly namespace?: string;
  /** Of the workflows and, unless copyQueue is given, of every activity. Default 'hive-ferry'. */
  readonly taskQueue?: string;
  /** Of the activities that load nodes, so that workers near the clusters take the bytes and others the rest. */
  readonly copyQueue?: string;
  /** The base URL of the Temporal UI, for links. */
  readonly ui?: string;
  /**
   * A module, seen from the folder of temporal.config.ts, whose default export is a PayloadCodec or a list of them: every
   * payload passes it on its way to the server and back, in workers, in the plugin and in `ferry` alike.
   */
  readonly codec?: string;
  /** Where an API key is, as Temporal Cloud gives them; never the key itself. It turns TLS on. */
  readonly apiKey?: SecretSource;
  /** true: TLS, the server checked by what this machine trusts. false: none, whatever the environment says. */
  readonly tls?: boolean | TemporalTlsConfig;
};

/** Files in PEM, each seen from the folder of temporal.config.ts. */
export type TemporalTlsConfig = {
  /** What this client shows (mTLS); both or neither. */
  readonly clientCert?: string;
  readonly clientKey?: string;
  /** What the server's certificate is checked by. Default: what this machine trusts. */
  readonly serverCaCert?: string;
  /** The name in the server's certificate, where it is not the address's. */
  readonly serverName?: string;
};

export type ClusterConfig = {
  /** One URL a namenode: 'http://nn1:9870'. */
  readonly webhdfs: string | readonly string[];
  /** The HDFS user of simple authentication, also metastore and HiveServer2 user unless they name their own. */
  readonly user: string;
  /** The URI prefixes of this file system in Hive's locations: 'hdfs://nn1:8020' or 'hdfs://nameservice1'; the first is written. */
  readonly fileSystem: string | readonly string[];
  /**
   * 'thrift://host:9083'; several, separated by commas, are tried in turn. Left out where only `hiveserver2` can be
   * reached: the catalog is then read and changed in HiveQL, which is slower and cannot do everything.
   */
  readonly metastore?: string;
  readonly hiveserver2?: {
    readonly host: string;
    readonly port: number;
    /** 'nosasl', or 'plain' (HiveServer2's NONE, LDAP, CUSTOM). Default 'plain'. */
    readonly auth?: 'nosasl' | 'plain';
    readonly user?: string;
    /** The name of the environment variable, or the file, that holds the password; never the password. */
    readonly password?: SecretSource;
  };
  /** 'read': never a target. Default 'write'. */
  readonly access?: 'read' | 'write';
  /** Default /user/<user>/hive-ferry. */
  readonly controlRoot?: string;
};

export type WorkerConfig = {
  /** The memory pool that the nodes of this worker share. Default '1GiB'. */
  readonly pool?: string;
  /** The smallest node this worker takes. Default '64MiB'. */
  readonly minNodeMemory?: string;
  /** The largest node; a run that asks for more is refused. Default: the pool. */
  readonly maxNodeMemory?: string;
  /**
   * Bytes a second for all streams of the worker together, such as '200MiB': what is read of the source, and what is read
   * back to verify it. No limit when left out. Read again on SIGHUP.
   */
  readonly bandwidth?: string;
  /**
   * Calls a second to the namenodes of each cluster by all nodes of the worker together, at least 20. No limit when left
   * out. Read again on SIGHUP.
   */
  readonly namenodeCalls?: number;
  /** How long a stopping worker lets its activities work on before it cancels them, such as '30s'. Default '30s'. */
  readonly shutdownGrace?: string;
  /** How long cancelled activities of a stopping worker may take to leave before it ends without them. Default '30s'. */
  readonly shutdownForce?: string;
  /**
   * Where `ferry worker` answers /healthz and /metrics (Prometheus), such as '127.0.0.1:9464' or '0.0.0.0:9464': plain
   * HTTP that asks nobody who they are. Default: nowhere. In a worker of your own they are that worker's to serve.
   */
  readonly listen?: string;
};

export type DefaultsConfig = {
  readonly source?: string;
  readonly target?: string;
  readonly nodes?: { readonly count?: number; readonly memory?: string };
  readonly createDatabase?: boolean;
};

export type DagsConfig = {
  /** The folder of the DAG files, seen from the folder of temporal.config.ts. Default 'dags'. */
  readonly folder?: string;
  /** The cluster whose control root remembers which intervals ran. Default: defaults.target; without one nothing is remembered. */
  readonly home?: string;
  /**
   * How many days after its end `home` remembers a run, at least 1. Default 400. `ferry clean --all` forgets what is older;
   * an interval of which nothing is remembered runs again when it is backfilled.
   */
  readonly historyDays?: number;
  /** Where the key is that `ferry dag deploy` signs specs with and workers check them by; never the key itself. */
  readonly signingKey?: SecretSource;
  /** The activities of your own that DAGs may start (`activityTask`, `onEnd`). Default: none. */
  readonly activities?: readonly string[];
  /** true: whoever may start workflows may run any spec, signed or not. Default false. */
  readonly unsignedSpecs?: boolean;
};
