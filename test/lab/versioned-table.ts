import { openClusters } from '../../config/open-cluster.ts';
import { resolveConfig } from '../../config/resolved.ts';
import { withHive } from '../../lab/hive-session.ts';
import type { ResolvedSpec } from '../../sync/outcome.ts';
import { controlFolder, tableFolder } from '../../sync/run-folder.ts';
import { bodyOf, bytesOf } from './faulty-files.ts';
import { labConfig } from './lab-config.ts';
import { LabDatabase } from './lab-database.ts';
import { filesBelow } from './lab-tables.ts';
import { labSpec } from './run-in-process.ts';

export const CONTROL_ROOT = '/user/root/hive-ferry';
/** The files that a version adds to the source: two that replace others, and a new partition of two. */
export const FILES_A_VERSION = 4;

export type Publish = 'swap' | 'relocate';

/** The partition that each version replaces, and the one that no version touches. */
export const REPLACED = 'p=r';
export const SAME = 'p=s';

/** The partition that a version adds, and the next one drops. */
export function added(version: number): string {
  return `p=n${version}`;
}

/** A partition's lines in a version, sorted. The files have other names in each version, so that a mixture shows. */
export function linesOf(partition: string, version: number): readonly string[] {
  const first = version % 2;
  return [first, first + 1].map((file) => `${version} ${partition} f${file}`);
}

/**
 * A table `lines` on cluster a, whose content tells its version. Each version replaces a partition, adds one and drops the
 * one that the version before it added; one stays as it is. Beside it on b lie files of other hands.
 */
export class VersionedTable extends LabDatabase {
  readonly publish: Publish;
  version = 0;
  readonly #clusters = openClusters(resolveConfig(labConfig('root')));

  constructor(database: string, publish: Publish) {
    super(database);
    this.publish = publish;
  }

  readonly open = this.#clusters.open;

  async make(): Promise<void> {
    await this.makeEmpty('string');
    await this.#forgetTable();
    await withHive('a', async (query) => {
      for (const partition of [REPLACED, SAME, added(0)])
        await query(`ALTER TABLE ${this.database}.lines ADD PARTITION (p='${partition.slice(2)}')`);
    });
    for (const partition of [REPLACED, SAME, added(0)]) await this.#write(partition, 0);
    for (const folder of this.#foreign()) {
      await this.b.mkdirs(folder);
      await this.b.create(`${folder}/f`, bodyOf('of other hands\n'));
    }
  }

  /** Brings the source to its next version. */
  async advance(): Promise<void> {
    this.version += 1;
    const { version } = this;
    const { catalog } = this.open('a');
    const of = { database: this.database, table: 'lines' };
    await this.a.delete(`${this.folder()}/${REPLACED}`);
    for (const partition of [REPLACED, added(version)]) await this.#write(partition, version);
    await catalog.apply({ kind: 'drop-partitions', of, names: [added(version - 1)] });
    await this.a.delete(`${this.folder()}/${added(version - 1)}`);
    for await (const [like] of catalog.partitions(of, [REPLACED])) {
      if (like === undefined) throw new Error(`${REPLACED} is not registered on a`);
      const location = like.storage.location.replace(REPLACED, added(version));
      const partition = { values: [`n${version}`], storage: { ...like.storage, location }, parameters: {} };
      await catalog.apply({ kind: 'add-partitions', of, partitions: [partition] });
    }
  }

  /** A run that brings the target to the version of the source. */
  spec(over: Partial<ResolvedSpec> = {}): ResolvedSpec {
    return labSpec(this.database, { publish: this.publish, prune: { percent: 100 }, ...over });
  }

  /** What nobody but its own hands may change: 'path length mtime fileId' each. */
  async neighbours(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const folder of this.#foreign()) found.push(...(await filesBelow(this.b, folder)));
    return found;
  }

  /** What lies under the table, and where its versions land, staging included: 'path length mtime fileId' each. */
  async everything(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const folder of [this.folder(), this.#versions(), ...this.#stageRoots()])
      found.push(...(await filesBelow(this.b, folder)));
    return Promise.all(found.map((line) => this.#byPathIfTombstone(line)));
  }

  /** The file that shuts a run out is empty: whoever closes the run once more may lay another in its place, no folder. */
  async #byPathIfTombstone(line: string): Promise<string> {
    const [, path] = /^(.*\/\.hive-ferry\/run-[^/ ]+) 0 \d+ \d+$/.exec(line) ?? [];
    return path === undefined ? line : `${path} (${(await this.b.status(path))?.kind})`;
  }

  /** The folder that no version touches, as it is on b. */
  async same(): Promise<readonly string[]> {
    return filesBelow(this.b, `${this.folder()}/${SAME}`);
  }

  /** Partition -> its sorted lines, of all that are registered on b, where they are registered. */
  async registered(): Promise<ReadonlyMap<string, readonly string[]>> {
    const { catalog } = this.open('b');
    const of = { database: this.database, table: 'lines' };
    const found = new Map<string, readonly string[]>();
    for await (const batch of catalog.partitions(of, (await catalog.partitionNames(of)) ?? []))
      for (const { values, storage } of batch)
        found.set(`p=${values[0]}`, await this.linesAt(storage.location.replace(/^hdfs:\/\/[^/]+/, '')));
    return found;
  }

  /** The sorted lines of the files in a folder of b; PATH_ABSENT where one goes away between its listing and its reading. */
  async linesAt(folder: string): Promise<readonly string[]> {
    const lines: string[] = [];
    for await (const page of (await this.b.list(folder)) ?? []) {
      for (const { name } of page) {
        lines.push((await bytesOf(this.b, `${folder}/${name}`)).toString().trimEnd());
      }
    }
    return lines.sort();
  }

  /** What a run left below its stage root besides its tombstone and the versions that it retired. */
  async staging(runKey: string): Promise<readonly string[]> {
    const left: string[] = [];
    for (const root of this.#stageRoots()) {
      const paths = (await filesBelow(this.b, root)).map((line) => line.split(' '));
      const ours = paths.filter(([path]) => path?.startsWith(`${root}/${runKey}`));
      left.push(
        ...ours
          .map(([path = '', length = '']) => `${path.slice(root.length + runKey.length + 1)} ${length}`)
          .filter((rest) => !/^ 0$|^\.closed\+* 0$|^\.closed\+*\/retired[/ ]/.test(rest)),
      );
    }
    return left;
  }

  /** Forgets a run that has ended, so that the next one of many is no slower: its records and what it retired. */
  async forget(runKey: string): Promise<void> {
    await this.b.delete(controlFolder(CONTROL_ROOT, runKey).root);
    await this.#forgetTable();
    for (const root of this.#stageRoots()) {
      for await (const page of (await this.b.list(root)) ?? []) {
        for (const { name } of page) if (name.startsWith(runKey)) await this.b.delete(`${root}/${name}`);
      }
    }
  }

  override async drop(): Promise<void> {
    await super.drop();
    await this.#forgetTable();
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.#clusters.close()]);
  }

  async #forgetTable(): Promise<void> {
    await this.b.delete(tableFolder(CONTROL_ROOT, this.database, 'lines').root);
  }

  #versions(): string {
    return `${this.folder()}-versions`;
  }

  #stageRoots(): readonly string[] {
    return [`${this.folder()}/.hive-ferry`, `${this.#versions()}/.hive-ferry`];
  }

  #foreign(): readonly string[] {
    return [this.folder('neighbour'), ...this.#stageRoots().map((root) => `${root}/of-other-hands`)];
  }

  async #write(partition: string, version: number): Promise<void> {
    await this.a.mkdirs(`${this.folder()}/${partition}`);
    for (const line of linesOf(partition, version))
      await this.put(`${this.folder()}/${partition}/${line.split(' ')[2]}`, `${line}\n`);
  }
}
