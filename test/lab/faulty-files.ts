import { randomUUID } from 'node:crypto';
import { FaultyCluster } from '../../lab/faulty-cluster.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { createWebHdfs, type WebHdfsOptions } from '../../storage/webhdfs/webhdfs-file-system.ts';
import { labCluster } from './lab-metastore.ts';
import { labFiles } from './lab-tables.ts';

/** Deadlines for servers that a test keeps silent; with those of every day it would wait for half a minute. */
export const SHORT = { connect: 2_000, call: 2_000, idle: 2_000, checksum: 2_000 } as const;

/** The HDFS of the lab's cluster b behind proxies, a folder of the test's own on it, and a way past the proxies. */
export class FaultyFiles {
  readonly cluster: FaultyCluster;
  /** The same file system, asked directly: what is true whatever the faults. */
  readonly truth: FileSystem;
  readonly folder: string;
  readonly #opened: FileSystem[] = [];

  private constructor(cluster: FaultyCluster, truth: FileSystem) {
    this.cluster = cluster;
    this.truth = truth;
    this.folder = `/tmp/faults-${randomUUID().slice(0, 8)}`;
  }

  static async start(): Promise<FaultyFiles> {
    const faulty = new FaultyFiles(await FaultyCluster.start(labCluster('b')), labFiles('b'));
    await faulty.truth.mkdirs(faulty.folder);
    return faulty;
  }

  /** The adapter as it comes, over the proxy or over several namenodes. */
  connect(options: Partial<WebHdfsOptions> = {}): FileSystem {
    const urls = [this.cluster.namenode.url];
    const patience = { backOff: 20 };
    const files = createWebHdfs({ cluster: 'b', urls, user: 'root', patience, ...options });
    this.#opened.push(files);
    return files;
  }

  /** A path in the test's folder. */
  at(name: string): string {
    return `${this.folder}/${name}`;
  }

  /** Ends what a test opened, and its faults. */
  async reset(): Promise<void> {
    this.cluster.reset();
    for (const files of this.#opened.splice(0)) await files.close();
  }

  async close(): Promise<void> {
    await this.reset();
    await this.cluster.close();
    await this.truth.delete(this.folder);
    await this.truth.close();
  }
}

/** A body of one chunk, for FileSystem.create. */
export function bodyOf(bytes: string | Uint8Array): () => AsyncGenerator<Uint8Array> {
  return async function* () {
    yield Buffer.from(bytes);
  };
}

/** All bytes of a file. */
export async function bytesOf(files: FileSystem, path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await files.open(path)) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
