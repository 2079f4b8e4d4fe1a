import { parseLocation } from '../hive/location.ts';
import type { Table } from '../hive/table.ts';
import type { Cluster } from './cluster.ts';
import { compareChecksums } from './compare-checksums.ts';
import { concurrently } from './concurrently.ts';
import type { Reader } from './engine.ts';
import { type Contents, type ListedFile, listContents } from './listing.ts';
import type { ResolvedSpec } from './outcome.ts';
import { labelOf } from './plan.ts';
import { readPartitions } from './read-sides.ts';
import { sampleOf } from './sample.ts';
import { selectPartitions } from './select-partitions.ts';
import { readTable } from './source-table.ts';
import { compareRows } from './verify-rows.ts';

export type VerifyLevel = 'files' | 'rows';

/** One thing in which the target is not the source. */
export type Difference = {
  /** The partition's name, or '(whole table)'. */
  readonly partition: string;
  readonly kind:
    | 'partition-missing'
    | 'partition-extra'
    | 'folder-missing'
    | 'file-missing'
    | 'file-extra'
    | 'length'
    | 'checksum'
    | 'rows';
  readonly file?: string;
  readonly detail: string;
};

export type VerifyReport = {
  readonly schemaVersion: 1;
  readonly source: string;
  readonly target: string;
  readonly table: string;
  readonly level: VerifyLevel;
  readonly identical: boolean;
  /** Compared. */
  readonly partitions: number;
  /** When only a share of the partitions that both sides have was compared: the share, and of how many. */
  readonly sample?: { readonly percent: number; readonly of: number };
  readonly files: number;
  readonly bytes: number;
  /** Files of which both clusters' checksums have nothing in common; their lengths are equal. */
  readonly incomparable: number;
  readonly differences: readonly Difference[];
};

const AT_ONCE = 32;

type Pair = { readonly name: string; readonly from: string; readonly to: string };

/**
 * Compares a table on both sides without changing anything: the registered partitions, the files in the folders that
 * the catalogs name (never guessed), their lengths and checksums; at level `rows` also row counts and a sum over all
 * columns through HiveServer2. Times of files are not compared: what counts is what a query reads.
 * With `percent`, only a sample (sampleOf) of the partitions that both sides have is read; one that is missing or too many is always named.
 */
export async function verifyTable(
  reader: Reader,
  spec: ResolvedSpec,
  level: VerifyLevel,
  percent = 100,
): Promise<VerifyReport> {
  const source = reader.open(spec.source.cluster);
  const target = reader.open(spec.target.cluster);
  const theirs = await readTable(source, spec.source, reader.signal);
  const ours = await readTable(target, spec.target, reader.signal);
  const both = await pairUp(reader, spec, source, target, theirs, ours);
  const sample = sampleOf(
    both.pairs.map(({ name }) => name),
    percent,
  );
  const pairs = both.pairs.filter(({ name }) => sample.has(name));
  const includes = (name: string) => both.includes(name) && (percent === 100 || sample.has(name));
  const found = await concurrently(pairs, AT_ONCE, (pair) => compareFolders(reader, source, target, pair));
  const all = [...both.differences, ...found.flatMap((one) => one.differences)];
  if (level === 'rows') all.push(...(await compareRows(reader, spec, theirs, ours, includes)));
  const sum = (field: 'files' | 'bytes' | 'incomparable') => found.reduce((total, one) => total + one[field], 0);
  return {
    schemaVersion: 1,
    source: spec.source.cluster,
    target: spec.target.cluster,
    table: `${spec.target.database}.${spec.target.table}`,
    level,
    identical: all.length === 0,
    partitions: pairs.length,
    ...(percent === 100 ? {} : { sample: { percent, of: both.pairs.length } }),
    files: sum('files'),
    bytes: sum('bytes'),
    incomparable: sum('incomparable'),
    differences: all,
  };
}

async function pairUp(
  reader: Reader,
  spec: ResolvedSpec,
  source: Cluster,
  target: Cluster,
  theirs: Table,
  ours: Table,
): Promise<{ pairs: readonly Pair[]; differences: readonly Difference[]; includes(name: string): boolean }> {
  if (theirs.partitionKeys.length === 0) {
    const from = parseLocation(theirs.storage.location, source.fileSystems).path;
    const to = parseLocation(ours.storage.location, target.fileSystems).path;
    return { pairs: [{ name: '', from, to }], differences: [], includes: () => true };
  }
  const selected = await selectPartitions(reader, source, spec, theirs);
  const left = await readPartitions(reader, source, theirs, selected.names);
  const right = await readPartitions(reader, target, ours, undefined);
  const pairs: Pair[] = [];
  const differences: Difference[] = [];
  for (const name of [...new Set([...left.keys(), ...right.keys()])].sort()) {
    const from = left.get(name);
    const to = right.get(name);
    if (from && to) pairs.push({ name, from: from.path, to: to.path });
    else if (from)
      differences.push({ partition: name, kind: 'partition-missing', detail: `${target.name} does not have it` });
    else if (selected.includes(name))
      differences.push({ partition: name, kind: 'partition-extra', detail: `only ${target.name} has it` });
  }
  return { pairs, differences, includes: selected.includes };
}

type Compared = {
  readonly files: number;
  readonly bytes: number;
  readonly incomparable: number;
  readonly differences: readonly Difference[];
};

async function compareFolders(reader: Reader, source: Cluster, target: Cluster, pair: Pair): Promise<Compared> {
  reader.heartbeat();
  const left = await listContents(source.files, pair.from, reader.signal);
  const right = await listContents(target.files, pair.to, reader.signal);
  const partition = labelOf(pair.name);
  const missing = (side: Cluster, path: string): Difference => ({
    partition,
    kind: 'folder-missing',
    detail: `${side.name}:${path} is not there`,
  });
  if (!left || !right) {
    const differences = [...(left ? [] : [missing(source, pair.from)]), ...(right ? [] : [missing(target, pair.to)])];
    return { files: 0, bytes: 0, incomparable: 0, differences };
  }
  const listed = compareListings(partition, left, right);
  let incomparable = 0;
  const differences = [...listed.differences];
  for (const file of listed.same) {
    const verdict = await compareChecksums(
      reader,
      source,
      target,
      `${pair.from}/${file.path}`,
      `${pair.to}/${file.path}`,
    );
    if (verdict === 'incomparable') incomparable += 1;
    if (verdict === 'different') {
      differences.push({
        partition,
        kind: 'checksum',
        file: file.path,
        detail: 'equal in length, different in content',
      });
    }
  }
  return { files: left.files.length, bytes: left.bytes, incomparable, differences };
}

/** Files by path and length; `same` are those whose content is still to be compared. */
export function compareListings(
  partition: string,
  left: Contents,
  right: Contents,
): { readonly same: readonly ListedFile[]; readonly differences: readonly Difference[] } {
  const there = new Map(right.files.map((file) => [file.path, file]));
  const differences: Difference[] = [];
  const same: ListedFile[] = [];
  for (const file of left.files) {
    const twin = there.get(file.path);
    there.delete(file.path);
    if (!twin)
      differences.push({
        partition,
        kind: 'file-missing',
        file: file.path,
        detail: `${file.length} bytes are missing`,
      });
    else if (twin.length !== file.length) {
      differences.push({
        partition,
        kind: 'length',
        file: file.path,
        detail: `${file.length} bytes at the source, ${twin.length} at the target`,
      });
    } else same.push(file);
  }
  for (const file of there.values()) {
    differences.push({
      partition,
      kind: 'file-extra',
      file: file.path,
      detail: `${file.length} bytes that the source does not have`,
    });
  }
  return { same, differences };
}
