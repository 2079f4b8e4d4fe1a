import { withHive } from '../../lab/hive-session.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { concurrently } from '../../sync/concurrently.ts';
import { labFiles } from './lab-tables.ts';

const AT_ONCE = 16;

/** A text table `lines` on cluster a with as many partitions and small files as asked for, and its database on b. */
export class PartsTable {
  readonly database: string;
  readonly a: FileSystem = labFiles('a');
  readonly b: FileSystem = labFiles('b');

  constructor(database: string) {
    this.database = database;
  }

  folder(table = 'lines'): string {
    return `/warehouse/${this.database}.db/${table}`;
  }

  async make(partitions: number, files: number): Promise<void> {
    await this.drop();
    await withHive('b', (query) => query(`CREATE DATABASE ${this.database}`));
    await withHive('a', async (query) => {
      await query(`CREATE DATABASE ${this.database}`);
      await query(
        `CREATE EXTERNAL TABLE ${this.database}.lines (line string) PARTITIONED BY (p int) STORED AS TEXTFILE`,
      );
    });
    await this.add(1, partitions, files);
  }

  /** Adds the partitions from..to to the source. */
  async add(from: number, to: number, files: number): Promise<void> {
    const numbers = Array.from({ length: to - from + 1 }, (_, place) => from + place);
    const clauses = numbers.map((p) => `PARTITION (p=${p})`).join(' ');
    await withHive('a', (query) => query(`ALTER TABLE ${this.database}.lines ADD ${clauses}`));
    const paths = numbers.flatMap((p) =>
      Array.from({ length: files }, (_, file) => `${this.folder()}/p=${p}/f${file}`),
    );
    await concurrently(paths, AT_ONCE, (path) => this.write(path, `${path}\n`));
  }

  /** Replaces or adds a file of the source. */
  async write(path: string, text: string): Promise<void> {
    await this.a.delete(path);
    await this.a.create(path, async function* () {
      yield Buffer.from(text);
    });
  }

  async drop(): Promise<void> {
    for (const [cluster, files] of [['a', this.a] as const, ['b', this.b] as const]) {
      await withHive(cluster, (query) => query(`DROP DATABASE IF EXISTS ${this.database} CASCADE`));
      await files.delete(`/warehouse/${this.database}.db`);
    }
    // What earlier runs of the test left on record is read by each new one.
    await this.b.delete(`/user/root/hive-ferry/tables/${this.database}.lines`);
  }

  async close(): Promise<void> {
    await Promise.all([this.a.close(), this.b.close()]);
  }
}
