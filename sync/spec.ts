import { parseDuration } from './duration.ts';
import type { ResolvedSpec, TableAt } from './outcome.ts';
import { didYouMean, explain, type Problem, problemsError, problemsOf, shown } from './problems.ts';
import { formatSize, isSize, parseSize } from './size.ts';
import { type Fields, specSchema } from './spec-schema.ts';

/** The fields of a resolved spec that say which run it is, not what it does. */
type RunFields = 'schemaVersion' | 'engine' | 'runKey' | 'workflowId' | 'runId' | 'uiUrl' | 'copyQueue';

/** What a spec comes to after defaults, before there is a run. */
export type SpecChoices = Omit<ResolvedSpec, RunFields>;

/** What a spec is checked against: the names, rights, defaults and limits of temporal.config.ts. */
export type SpecLimits = {
  readonly clusters: Readonly<Record<string, { readonly access: 'read' | 'write' }>>;
  readonly defaults: {
    readonly source?: string;
    readonly target?: string;
    readonly nodes: { readonly count: number; readonly memoryBytes: number };
    readonly createDatabase: boolean;
  };
  readonly minNodeMemoryBytes: number;
  readonly maxNodeMemoryBytes: number;
};

export type SpecContext = SpecLimits & {
  readonly identity: { readonly runKey: string; readonly workflowId: string; readonly runId: string };
  readonly uiUrl?: string;
  readonly copyQueue?: string;
};

const PARTITION_TEXT_LIMIT = 128 * 1024;

/**
 * Checks a spec and applies the defaults. Throws one SPEC_INVALID that lists every problem (in details.problems line by
 * line); ACCESS_READ_ONLY when the only thing wrong is a target that may not be written.
 */
export function checkSpec(input: unknown, limits: SpecLimits): SpecChoices {
  const parsed = specSchema.safeParse(input, { error: explain });
  const problems = [
    ...(parsed.success ? [] : problemsOf(parsed.error.issues)),
    ...conflicts(validFields(input), limits),
  ];
  if (!parsed.success || problems.length > 0) {
    const code = problems.every((problem) => problem.code === 'ACCESS_READ_ONLY') ? 'ACCESS_READ_ONLY' : 'SPEC_INVALID';
    throw problemsError(code, 'This sync cannot start', problems);
  }
  return choicesOf(parsed.data, limits);
}

/** checkSpec, with the run that it is for: the input of every later step. Throws as checkSpec does. */
export function resolveSpec(input: unknown, context: SpecContext): ResolvedSpec {
  const { runKey, workflowId, runId } = context.identity;
  return {
    schemaVersion: 1,
    engine: 1,
    runKey,
    workflowId,
    runId,
    ...(context.uiUrl === undefined ? {} : { uiUrl: context.uiUrl }),
    ...checkSpec(input, context),
    ...(context.copyQueue === undefined ? {} : { copyQueue: context.copyQueue }),
  };
}

/** The fields that are right by themselves, so that what they contradict is named in the same breath as the wrong ones. */
function validFields(input: unknown): Partial<Fields> {
  if (typeof input !== 'object' || input === null) return {};
  const raw = input as Record<string, unknown>;
  const valid: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(specSchema.shape)) {
    const parsed = schema.safeParse(raw[key]);
    if (parsed.success) valid[key] = parsed.data;
  }
  const memory = (raw.nodes as { readonly memory?: unknown } | null | undefined)?.memory;
  if (typeof memory === 'string' && isSize(memory)) valid.nodes = { memory };
  return valid as Partial<Fields>;
}

function conflicts(fields: Partial<Fields>, limits: SpecLimits): readonly Problem[] {
  const target = typeof fields.target === 'string' ? { cluster: fields.target } : fields.target;
  const targetPath = typeof fields.target === 'object' ? 'target.cluster' : 'target';
  const [from, to] = [fields.source ?? limits.defaults.source, target?.cluster ?? limits.defaults.target];
  return [
    ...clusterProblems('source', from, 'source' in fields, limits),
    ...clusterProblems(targetPath, to, 'target' in fields, limits),
    ...accessProblems(targetPath, to, limits),
    ...sameTableProblems(fields, from, to, target?.table),
    ...memoryProblems(fields.nodes?.memory, limits),
    ...partitionProblems(fields.partitions),
    ...selectionProblems(fields),
  ];
}

/** `valid`: the field itself is well-formed or left out; a malformed one has had its say. */
export function clusterProblems(
  path: string,
  name: string | undefined,
  valid: boolean,
  limits: SpecLimits,
): readonly Problem[] {
  const known = Object.keys(limits.clusters);
  if (!valid) return [];
  if (name === undefined)
    return [{ path, message: `is missing; name one of the clusters of temporal.config.ts: ${known.join(', ')}` }];
  if (Object.hasOwn(limits.clusters, name)) return [];
  const guess = didYouMean(name, known);
  return [{ path, message: `${shown(name)} is not a cluster of temporal.config.ts (${known.join(', ')})${guess}` }];
}

export function accessProblems(path: string, name: string | undefined, limits: SpecLimits): readonly Problem[] {
  if (name === undefined || !Object.hasOwn(limits.clusters, name) || limits.clusters[name]?.access !== 'read')
    return [];
  const message = `${shown(name)} is marked access: "read" in temporal.config.ts and is never written; name another cluster`;
  return [{ path, message, code: 'ACCESS_READ_ONLY' }];
}

function sameTableProblems(
  fields: Partial<Fields>,
  from: string | undefined,
  to: string | undefined,
  as: string | undefined,
): readonly Problem[] {
  if (from === undefined || from !== to || fields.table === undefined) return [];
  if ((as ?? fields.table).toLowerCase() !== fields.table.toLowerCase()) return [];
  return [
    {
      path: 'target',
      message: `${fields.table} on ${shown(from)} is the source itself; name another cluster, or another table with target: {cluster, table}`,
    },
  ];
}

function memoryProblems(memory: string | undefined, limits: SpecLimits): readonly Problem[] {
  if (memory === undefined) return [];
  const [bytes, least, most] = [parseSize(memory), limits.minNodeMemoryBytes, limits.maxNodeMemoryBytes];
  if (bytes < least)
    return [
      {
        path: 'nodes.memory',
        message: `${shown(memory)} is less than minNodeMemory of the workers; ask for ${formatSize(least)} or more`,
      },
    ];
  if (bytes > most)
    return [
      {
        path: 'nodes.memory',
        message: `${shown(memory)} is more than maxNodeMemory of the workers; ask for ${formatSize(most)} or less`,
      },
    ];
  return [];
}

/** The selection is part of what travels through Temporal, whose payloads are bounded. */
function partitionProblems(partitions: Fields['partitions']): readonly Problem[] {
  if (partitions !== undefined && 'last' in partitions) return [];
  const length = (partitions ?? []).reduce((sum, name) => sum + Buffer.byteLength(name) + 3, 0);
  if (length <= PARTITION_TEXT_LIMIT) return [];
  return [
    {
      path: 'partitions',
      message: `the ${partitions?.length} names are too long together (${length} bytes, at most ${PARTITION_TEXT_LIMIT}); sync the whole table, or in several runs`,
    },
  ];
}

function selectionProblems({ partitions, where }: Partial<Fields>): readonly Problem[] {
  if (where === undefined || partitions === undefined || 'last' in partitions) return [];
  return [{ path: 'where', message: 'goes with no list of partitions; name the partitions, or say which by where' }];
}

function choicesOf(fields: Fields, limits: SpecLimits): SpecChoices {
  const { defaults } = limits;
  const target = typeof fields.target === 'string' ? { cluster: fields.target } : fields.target;
  const memory = fields.nodes?.memory;
  return {
    source: at(fields.source ?? defaults.source ?? '', fields.table),
    target: {
      ...at(target?.cluster ?? defaults.target ?? '', target?.table ?? fields.table),
      ...(target?.location === undefined ? {} : { location: target.location.replace(/\/$/, '') }),
    },
    ...(fields.partitions === undefined ? {} : { partitions: partitionsOf(fields.partitions) }),
    ...(fields.where === undefined ? {} : { where: fields.where }),
    nodes: {
      count: fields.nodes?.count ?? defaults.nodes.count,
      memoryBytes: memory === undefined ? defaults.nodes.memoryBytes : parseSize(memory),
    },
    publish: fields.publish ?? 'auto',
    compare: fields.compare ?? 'mtime',
    overwrite: fields.overwrite ?? 'never',
    verify: fields.verify ?? 'checksum',
    chunkBytes: parseSize(fields.chunk ?? USUAL_CHUNK),
    consistency: fields.consistency ?? 'live',
    createDatabase: fields.createDatabase ?? defaults.createDatabase,
    drift: fields.drift ?? 'add-columns',
    rounds: fields.rounds ?? 3,
    openFiles: fields.openFiles ?? 'skip',
    minAgeMs: fields.minAge === undefined ? 0 : (parseDuration(fields.minAge) ?? 0),
    attributes: fields.attributes ?? 'target',
    stats: fields.stats ?? 'drop',
    afterRefresh: fields.afterRefresh ?? [],
    locationMap: fields.locationMap ?? {},
    ...(fields.schema === undefined || fields.schema === 'source' ? {} : { schema: fields.schema }),
    ...pruneOf(fields.prune),
    retainMs: parseDuration(fields.retain ?? USUAL_RETAIN) ?? 0,
    ...(fields.planDigest === undefined ? {} : { planDigest: fields.planDigest }),
  };
}

/** Some seconds of one stream, and a few hundred chunks in the largest file that is usual. */
const USUAL_CHUNK = '1GiB';

function partitionsOf(partitions: NonNullable<Fields['partitions']>): NonNullable<ResolvedSpec['partitions']> {
  return 'last' in partitions ? partitions : [...new Set(partitions)].sort();
}

/** Without a word of the user's, a run that would drop more than a tenth of what it looks at stops. */
const USUAL_PERCENT = 10;

/** A day: long enough for whoever reads a table in the morning to see what last night did to it. */
const USUAL_RETAIN = '1d';

function pruneOf(prune: Fields['prune']): Pick<ResolvedSpec, 'prune'> {
  if (prune === undefined || prune === false) return {};
  return { prune: prune === true ? { percent: USUAL_PERCENT } : prune };
}

function at(cluster: string, table: string): TableAt {
  const [database = '', name = ''] = table.toLowerCase().split('.');
  return { cluster, database, table: name };
}
