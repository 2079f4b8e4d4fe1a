import { randomBytes } from 'node:crypto';
import { withHive } from '../../lab/hive-session.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { labFiles } from './lab-tables.ts';

/** A database on both clusters with a small partitioned text table `lines` on a, written past Hive: quick to make, change and copy. */
export class LinesTable {
  readonly database: string;
  readonly a: FileSystem = labFiles('a');
  readonly b: FileSystem = labFiles('b');

  constructor(database: string) {
    this.database = database;
  }

  /** The folder of a table of the database, the same path on both clusters. */
  folder(table = 'lines'): string {
    return `/warehouse/${this.database}.db/${table}`;
  }

  async make(): Promise<void> {
    const { database } = this;
    await this.drop();
    await withHive('b', (query) => query(`CREATE DATABASE ${database}`));
    await withHive('a', async (query) => {
      await query(`CREATE DATABASE ${database}`);
      await query(`CREATE EXTERNAL TABLE ${database}.lines (line string) PARTITIONED BY (p string) STORED AS TEXTFILE`);
      for (const p of [1, 2]) await query(`ALTER TABLE ${database}.lines ADD PARTITION (p='${p}')`);
    });
    for (const partition of ['p=1', 'p=2']) await this.write(partition, 'small', 'hello\n');
    await this.write('p=1', 'large', `${randomBytes(384 * 1024).toString('hex')}\n`);
  }

  /** Replaces or adds a file of the source. */
  async write(partition: string, file: string, text: string): Promise<void> {
    const path = `${this.folder()}/${partition}/${file}`;
    await this.a.delete(path);
    await this.a.create(path, async function* () {
      yield Buffer.from(text);
    });
  }

  /** The names in a folder of cluster b but the hidden ones. */
  async names(folder: string): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const page of (await this.b.list(folder)) ?? []) found.push(...page.map(({ name }) => name));
    return found.filter((name) => !name.startsWith('.'));
  }

  async drop(): Promise<void> {
    for (const [cluster, files] of [['a', this.a] as const, ['b', this.b] as const]) {
      await withHive(cluster, (query) => query(`DROP DATABASE IF EXISTS ${this.database} CASCADE`));
      await files.delete(`/warehouse/${this.database}.db`);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.a.close(), this.b.close()]);
  }
}
