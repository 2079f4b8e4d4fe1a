import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { formatDuration } from './duration.ts';
import type { TableAt } from './outcome.ts';
import { formatSize } from './size.ts';
import type { SpecChoices } from './spec.ts';
import type { SyncSpec } from './spec-schema.ts';

/** A spec with every option named. */
export type FullSpec = Required<
  Omit<SyncSpec, 'partitions' | 'where' | 'minAge' | 'planDigest' | 'target' | 'nodes'>
> & {
  readonly target: { readonly cluster: string; readonly table: string; readonly location?: string };
  readonly partitions?: readonly string[] | { readonly last: number };
  readonly where?: string;
  readonly minAge?: string;
  readonly planDigest?: string;
  readonly nodes: { readonly count: number; readonly memory: string };
};

/** The workflow id of a sync: the same for the same tables and selection, whatever the other options are. */
export function specIdentity(spec: SpecChoices): string {
  const selection = JSON.stringify([
    textOf(spec.target),
    textOf(spec.source),
    spec.partitions === undefined ? null : sortedPartitions(spec.partitions),
    ...(spec.where === undefined ? [] : [spec.where]),
  ]);
  const hash = createHash('sha256').update(selection).digest('hex').slice(0, 12);
  return `sync/${spec.target.cluster}/${spec.target.database}.${spec.target.table}/${hash}`;
}

/** The names of the options in which two specs differ; none: they are the same sync, whichever runs they belong to. */
export function sameSpec(a: SpecChoices, b: SpecChoices): readonly string[] {
  return differingOptions(asInput(a), asInput(b));
}

/** The names of the options in which two full specs differ. */
export function differingOptions(left: FullSpec, right: FullSpec): readonly string[] {
  const options: readonly [string, (spec: FullSpec) => unknown][] = [
    ['table', (spec) => spec.table],
    ['source', (spec) => spec.source],
    ['target', (spec) => spec.target],
    ['partitions', (spec) => spec.partitions],
    ['nodes.count', (spec) => spec.nodes.count],
    ['nodes.memory', (spec) => spec.nodes.memory],
    ['publish', (spec) => spec.publish],
    ['compare', (spec) => spec.compare],
    ['overwrite', (spec) => spec.overwrite],
    ['verify', (spec) => spec.verify],
    ['chunk', (spec) => spec.chunk],
    ['consistency', (spec) => spec.consistency],
    ['createDatabase', (spec) => spec.createDatabase],
    ['drift', (spec) => spec.drift],
    ['rounds', (spec) => spec.rounds],
    ['where', (spec) => spec.where],
    ['openFiles', (spec) => spec.openFiles],
    ['minAge', (spec) => spec.minAge],
    ['attributes', (spec) => spec.attributes],
    ['stats', (spec) => spec.stats],
    ['afterRefresh', (spec) => spec.afterRefresh],
    ['locationMap', (spec) => spec.locationMap],
    ['schema', (spec) => spec.schema],
    ['prune', (spec) => spec.prune],
    ['retain', (spec) => spec.retain],
    ['planDigest', (spec) => spec.planDigest],
  ];
  return options.filter(([, of]) => !isDeepStrictEqual(of(left), of(right))).map(([name]) => name);
}

/** The spec that resolves to these choices under any defaults: every option is named. */
export function asInput(spec: SpecChoices): FullSpec {
  const { source, target } = spec;
  return {
    table: `${source.database}.${source.table}`,
    source: source.cluster,
    target: {
      cluster: target.cluster,
      table: `${target.database}.${target.table}`,
      ...(target.location === undefined ? {} : { location: target.location }),
    },
    ...(spec.partitions === undefined ? {} : { partitions: sortedPartitions(spec.partitions) }),
    ...(spec.where === undefined ? {} : { where: spec.where }),
    nodes: { count: spec.nodes.count, memory: formatSize(spec.nodes.memoryBytes) },
    publish: spec.publish,
    compare: spec.compare,
    overwrite: spec.overwrite,
    verify: spec.verify,
    chunk: formatSize(spec.chunkBytes),
    consistency: spec.consistency,
    createDatabase: spec.createDatabase,
    drift: spec.drift,
    rounds: spec.rounds,
    openFiles: spec.openFiles,
    ...(spec.minAgeMs === 0 ? {} : { minAge: `${spec.minAgeMs}ms` }),
    attributes: spec.attributes,
    stats: spec.stats,
    afterRefresh: spec.afterRefresh,
    locationMap: spec.locationMap,
    schema: spec.schema ?? 'source',
    prune: spec.prune ?? false,
    retain: formatDuration(spec.retainMs),
    ...(spec.planDigest === undefined ? {} : { planDigest: spec.planDigest }),
  };
}

function sortedPartitions(partitions: NonNullable<SpecChoices['partitions']>): NonNullable<SpecChoices['partitions']> {
  return 'last' in partitions ? partitions : [...partitions].sort();
}

function textOf(at: TableAt): string {
  return `${at.cluster}/${at.database}.${at.table}`;
}
