import { expect } from '@jest/globals';
import { type Content, GUARDED, livePath, type World } from './world.ts';

function contentAt(world: World, folder: string): Content | undefined {
  const lines = world.b.tree(folder);
  if (lines.length === 0) return undefined;
  const files = lines.filter((line) => !line.endsWith('/')).map((line) => line.replace(/ \(\d+(, open)?\)$/, ''));
  const visible = files.filter((path) => !/\/[._](?!SUCCESS$)/.test(path.slice(folder.length)));
  return Object.fromEntries(
    visible.map((path) => [path.slice(folder.length + 1), world.b.readFile(path)?.toString() ?? '']),
  );
}

function same(a: Content | undefined, b: Content | undefined): boolean {
  const sorted = (content: Content | undefined) => content && JSON.stringify(Object.entries(content).sort());
  return sorted(a) === sorted(b);
}

/** A reader of the target sees a whole version or (under swap, between two renames) nothing, and then the old one is kept aside. */
export function assertWhole(world: World, call: string): void {
  for (const [name, versions] of world.partitions) {
    const seen = contentAt(world, livePath(world, name));
    if (seen === undefined) {
      if (name === '' || (world.options.publish === 'relocate' && versions.old))
        throw new Error(`after ${call}: a live folder is gone`);
      if (versions.old && Object.keys(versions.old).length > 0 && !keptAside(world, versions.old)) {
        throw new Error(`after ${call}: ${name} is gone and its old version is nowhere:\n${world.b.tree().join('\n')}`);
      }
      continue;
    }
    if (!same(seen, versions.new) && !(versions.old && same(seen, versions.old))) {
      throw new Error(
        `after ${call}: ${name} is neither old nor new: ${JSON.stringify(seen)}\n${world.b.tree().join('\n')}`,
      );
    }
  }
}

/** Every partition that a reader found before is there now. */
export function assertNoneAbsent(world: World): void {
  for (const [name, { old }] of world.partitions) {
    if (old === undefined || world.b.attributesNow(livePath(world, name)) !== undefined) continue;
    throw new Error(`${name} is absent:\n${world.b.tree().join('\n')}`);
  }
}

function keptAside(world: World, old: Content): boolean {
  const slots = world.b.tree().filter((line) => /\/retired\/[^/]+\/$/.test(line));
  return slots.some((slot) => same(contentAt(world, slot.slice(0, -1)), old));
}

/** Every partition is the new one, and the catalog knows it, where it is. */
export function assertComplete(world: World): void {
  for (const [name, versions] of world.partitions) {
    const at = livePath(world, name);
    if (!same(contentAt(world, at), versions.new))
      throw new Error(`${name} at ${at} is not the new version:\n${world.b.tree().join('\n')}`);
    if (name === '') continue;
    const registered = world.catalogB.readPartitions({ database: 'sales', table: world.table }).get(name);
    if (registered?.storage.location !== `hdfs://b${at}`)
      throw new Error(`${name} is registered at ${registered?.storage.location}`);
    if (registered.parameters['hive-ferry.digest'] === undefined) throw new Error(`${name} carries no record`);
  }
}

/** Under every stage root stand only tombstones and what was retired. */
export function assertNoStaging(world: World): void {
  const left = world.b
    .tree()
    .filter((line) => /\/\.hive-ferry\/./.test(line))
    .filter((line) => !/\/\.hive-ferry\/run-[\w]+ \(0\)$/.test(line))
    .filter((line) => !/\/\.hive-ferry\/run-[\w]+\.closed\+*\/(retired\/.*)?$/.test(line));
  if (left.length > 0) throw new Error(`staging is left:\n${left.join('\n')}`);
}

/** Each replaced folder has what the old one had, and its new files inherited what files of it inherit. */
export function assertHandedOn(world: World): void {
  for (const [name, { old }] of world.partitions) {
    if (old === undefined) continue;
    const at = livePath(world, name);
    expect(world.b.attributesNow(at)).toEqual(GUARDED);
    for (const file of Object.keys(contentAt(world, at) ?? {})) {
      if (Object.keys(old).length === 0) continue;
      expect(world.b.attributesNow(`${at}/${file}`)).toMatchObject({ group: 'analysts', permission: '640', acl: [] });
    }
  }
}
