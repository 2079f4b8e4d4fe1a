import { setTimeout as sleep } from 'node:timers/promises';
import { createHiveServer2 } from '../../hive/hiveserver2/hiveserver2.ts';
import { labCluster } from './lab-metastore.ts';
import { added, linesOf, REPLACED, SAME, type VersionedTable } from './versioned-table.ts';

const PAUSE_MS = 20;
const HIVE_PAUSE_MS = 200;

/** What a look found of a partition: its sorted lines; 'absent'; 'moved': it was replaced or dropped while it was read. */
type Found = readonly string[] | 'absent' | 'moved';

/**
 * A reader of the target that looks at every partition again and again, each time as a query does (where the metastore says,
 * list, then open each file), and by queries of HiveServer2; and judges what it finds: one whole version, or nothing where
 * that is documented.
 */
export class PollingReader {
  /** Looks that found something that no reader may ever find. */
  readonly wrong: string[] = [];
  looks = 0;
  queries = 0;
  /** How often the replaced partition was absent. */
  absences = 0;
  /** How often each version of the replaced partition was found. */
  readonly seen = new Map<number, number>();
  readonly #table: VersionedTable;
  readonly #sql;
  #stopped = false;
  #loops: readonly Promise<void>[] = [];

  constructor(table: VersionedTable) {
    this.#table = table;
    const { host, port } = labCluster('b').hiveserver2;
    this.#sql = createHiveServer2({ cluster: 'b', host, port, auth: 'nosasl', user: 'root' });
  }

  start(): void {
    const loop = async (look: () => Promise<void>, pause: number) => {
      for (; !this.#stopped; await sleep(pause)) await look().catch((error: unknown) => this.wrong.push(String(error)));
    };
    this.#loops = [loop(() => this.#look(), PAUSE_MS), loop(() => this.#query(), HIVE_PAUSE_MS)];
  }

  /** Waits for a look through HDFS that began after this call. */
  async another(): Promise<void> {
    const until = this.looks + 2;
    while (this.looks < until) await sleep(PAUSE_MS);
  }

  async close(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
    await this.#sql.close();
  }

  async #look(): Promise<void> {
    const { version } = this.#table;
    for (const partition of partitionsOf(version)) {
      const found = await this.#read(partition);
      if (this.#table.version === version) this.#judge('a look', partition, version, found);
    }
    this.looks += 1;
  }

  async #query(): Promise<void> {
    const { database, version } = this.#table;
    const before = await this.#identities(version);
    const lines = new Map<string, string[]>();
    try {
      for await (const rows of this.#sql.query(`SELECT line FROM ${database}.lines`)) {
        for (const { line } of rows) {
          const partition = String(line).split(' ')[1] ?? '';
          lines.set(partition, [...(lines.get(partition) ?? []), String(line)]);
        }
      }
    } catch (error) {
      const after = await this.#identities(version);
      if (this.#mayMove(before, after)) return;
      throw error;
    }
    const after = await this.#identities(version);
    if (this.#table.version !== version) return;
    this.queries += 1;
    for (const partition of partitionsOf(version)) {
      const moved = before.get(partition) !== after.get(partition);
      const relocated = this.#table.publish === 'relocate' && partition === REPLACED;
      if (moved && !relocated) continue;
      this.#judge('a query', partition, version, lines.get(partition)?.sort() ?? 'absent');
    }
  }

  /** A query that was under way while a folder was moved may fail, but for relocated folders. */
  #mayMove(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): boolean {
    const moved = [...before.keys()].filter((partition) => before.get(partition) !== after.get(partition));
    return moved.some((partition) => this.#table.publish === 'swap' || partition !== REPLACED);
  }

  /** Partition -> where it is registered, and the identity of the folder there. */
  async #identities(version: number): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const partition of partitionsOf(version)) {
      const { path, registered } = await this.#placeOf(partition);
      found.set(partition, `${registered} ${path} ${(await this.#table.b.status(path))?.fileId}`);
    }
    return found;
  }

  async #placeOf(partition: string): Promise<{ readonly path: string; readonly registered: boolean }> {
    const { catalog } = this.#table.open('b');
    const of = { database: this.#table.database, table: 'lines' };
    for await (const [one] of catalog.partitions(of, [partition]))
      if (one !== undefined) return { path: one.storage.location.replace(/^hdfs:\/\/[^/]+/, ''), registered: true };
    return { path: `${this.#table.folder()}/${partition}`, registered: false };
  }

  async #read(partition: string): Promise<Found> {
    const { b, publish } = this.#table;
    const { path } = await this.#placeOf(partition);
    const before = (await b.status(path))?.fileId;
    if (before === undefined) return 'absent';
    let lines: readonly string[];
    try {
      lines = await this.#table.linesAt(path);
    } catch (error) {
      if ((await b.status(path))?.fileId !== before && this.#listedMayFail(partition)) return 'moved';
      throw error;
    }
    // A relocated folder stays as it is: what was listed is whole, whatever was published meanwhile.
    if (publish === 'swap' && (await b.status(path))?.fileId !== before) return 'moved';
    return lines;
  }

  #listedMayFail(partition: string): boolean {
    return this.#table.publish === 'swap' || partition !== REPLACED;
  }

  #judge(how: string, partition: string, version: number, found: Found): void {
    if (found === 'moved') return;
    const gap = partition === REPLACED && this.#table.publish === 'swap';
    if (found === 'absent') {
      if (partition === REPLACED) this.absences += 1;
      if (gap || partition === added(version) || partition === added(version - 1)) return;
      this.wrong.push(`${how} found no ${partition}`);
      return;
    }
    const allowed = versionsOf(partition, version);
    const is = allowed.find((each) => linesOf(partition, each).join() === found.join());
    if (is === undefined) this.wrong.push(`${how} found ${partition} of version ${version} as ${found.join(', ')}`);
    else if (partition === REPLACED) this.seen.set(is, (this.seen.get(is) ?? 0) + 1);
  }
}

function partitionsOf(version: number): readonly string[] {
  return [REPLACED, SAME, added(version), added(version - 1)];
}

/** The versions of a partition that a reader may find while the target goes from the version before to this one. */
function versionsOf(partition: string, version: number): readonly number[] {
  if (partition === SAME) return [0];
  if (partition === added(version - 1)) return [version - 1];
  return partition === REPLACED ? [version - 1, version] : [version];
}
