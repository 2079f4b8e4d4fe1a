import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the lab keeps everything it makes: jars, data, logs, pids and this state. Git-ignored. */
export const LAB_FOLDER = process.env.HIVE_FERRY_LAB ?? join(import.meta.dirname, '..', '.lab');

export type LabProcess = {
  readonly pid: number /** Of /proc/<pid>/stat, so that a reused pid is never ended. */;
  readonly startTime: string;
  readonly log: string;
};

export type LabCluster = {
  readonly name: 'a' | 'b';
  /** 'http://127.0.0.1:port' */
  readonly webhdfs: string;
  /** 'hdfs://127.0.0.1:port' */
  readonly fileSystem: string;
  /** 'thrift://127.0.0.1:port' */
  readonly metastore: string;
  readonly hiveserver2: { readonly host: string; readonly port: number };
  readonly datanode: string;
  readonly processes: Readonly<Record<'namenode' | 'datanode' | 'metastore' | 'hiveserver2', LabProcess>>;
};

export type LabState = {
  readonly schemaVersion: 1;
  readonly clusters: Readonly<Record<'a' | 'b', LabCluster>>;
  readonly temporal: {
    readonly address: string;
    readonly ui: string;
    readonly namespace: string;
    readonly process: LabProcess;
  };
};

/** The running lab, as `npm run lab -- up` wrote it; undefined: there is none. */
export function readLabState(): LabState | undefined {
  try {
    return JSON.parse(readFileSync(join(LAB_FOLDER, 'state.json'), 'utf8')) as LabState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes this the running lab that readLabState answers. */
export function writeLabState(state: LabState): void {
  const file = join(LAB_FOLDER, 'state.json');
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.${process.pid}`, file);
}
