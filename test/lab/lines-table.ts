import { randomBytes } from 'node:crypto';
import { withHive } from '../../lab/hive-session.ts';
import { LabDatabase } from './lab-database.ts';

/** A database on both clusters with a small partitioned text table `lines` on a: quick to make, change and copy. */
export class LinesTable extends LabDatabase {
  async make(): Promise<void> {
    await this.makeEmpty('string');
    await withHive('a', async (query) => {
      for (const p of [1, 2]) await query(`ALTER TABLE ${this.database}.lines ADD PARTITION (p='${p}')`);
    });
    for (const partition of ['p=1', 'p=2']) await this.write(partition, 'small', 'hello\n');
    await this.write('p=1', 'large', `${randomBytes(384 * 1024).toString('hex')}\n`);
  }

  /** Drops the table of cluster b; its files stay, as those of an external table do. */
  async dropOnTarget(): Promise<void> {
    await withHive('b', (query) => query(`DROP TABLE ${this.database}.lines`));
  }

  /** Replaces or adds a file of the source. */
  async write(partition: string, file: string, text: string): Promise<void> {
    await this.put(`${this.folder()}/${partition}/${file}`, text);
  }

  /** The names in a folder of cluster b but the hidden ones. */
  async names(folder: string): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const page of (await this.b.list(folder)) ?? []) found.push(...page.map(({ name }) => name));
    return found.filter((name) => !name.startsWith('.'));
  }
}
