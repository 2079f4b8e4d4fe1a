import { withHive } from '../../lab/hive-session.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import { bodyOf } from './faulty-files.ts';
import { labFiles } from './lab-tables.ts';

/** A database of one test's own on both clusters of the lab, with the text table `lines` on a, whose files are written past Hive. */
export class LabDatabase {
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

  /** The database anew on both clusters, with an empty table `lines` on a that is partitioned by p. */
  protected async makeEmpty(typeOfP: 'string' | 'int'): Promise<void> {
    const { database } = this;
    await this.drop();
    await withHive('b', (query) => query(`CREATE DATABASE ${database}`));
    await withHive('a', async (query) => {
      await query(`CREATE DATABASE ${database}`);
      await query(
        `CREATE EXTERNAL TABLE ${database}.lines (line string) PARTITIONED BY (p ${typeOfP}) STORED AS TEXTFILE`,
      );
    });
  }

  /** Replaces or adds a file of the source. */
  protected async put(path: string, text: string): Promise<void> {
    await this.a.delete(path);
    await this.a.create(path, bodyOf(text));
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
