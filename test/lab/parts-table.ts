import { withHive } from '../../lab/hive-session.ts';
import { concurrently } from '../../sync/concurrently.ts';
import { LabDatabase } from './lab-database.ts';

const AT_ONCE = 16;

/** A text table `lines` on cluster a with as many partitions and small files as asked for, and its database on b. */
export class PartsTable extends LabDatabase {
  async make(partitions: number, files: number): Promise<void> {
    await this.makeEmpty('int');
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
    await this.put(path, text);
  }

  override async drop(): Promise<void> {
    await super.drop();
    // What earlier runs of the test left on record is read by each new one.
    await this.b.delete(`/user/root/hive-ferry/tables/${this.database}.lines`);
  }
}
