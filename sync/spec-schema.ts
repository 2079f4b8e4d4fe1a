import { z } from 'zod';
import type { PresetTable } from '../hive/preset-table.ts';
import { DURATION_NOUN, parseDuration } from './duration.ts';
import type { ResolvedSpec } from './outcome.ts';
import { schemaChoice } from './preset-schema.ts';
import { isSize, SIZE_NOUN } from './size.ts';

/** One run as its user writes it: on the command line, in the Temporal UI, in a DAG. Only `table` has no default. */
export type SyncSpec = {
  /** 'db.table' on the source. */
  readonly table: string;
  /** A cluster of temporal.config.ts. Default: defaults.source there. */
  readonly source?: string;
  /** A cluster, or more exactly: another table name ('db.table'), another folder than the database's own. Default: defaults.target. */
  readonly target?: string | { readonly cluster: string; readonly table?: string; readonly location?: string };
  /** Hive partition names ('dt=2026-01-01/region=eu'), or {last: 7}: the last ones in the order of their values. Default: all of the table. */
  readonly partitions?: readonly string[] | { readonly last: number };
  /** A predicate over the partition keys: "dt >= '2026-11-01' and region in ('eu', 'us')". */
  readonly where?: string;
  /** Virtual nodes: how many at most (1 to 1000), and the memory of each ('256MiB'). */
  readonly nodes?: { readonly count?: number; readonly memory?: string };
  readonly publish?: ResolvedSpec['publish'];
  readonly compare?: ResolvedSpec['compare'];
  /** 'diverged': replace target partitions that other hands changed. Default 'never'. */
  readonly overwrite?: ResolvedSpec['overwrite'];
  readonly verify?: ResolvedSpec['verify'];
  /** A larger file is copied in chunks of this size, side by side, and a crash costs no more than those under way. Default '1GiB'. */
  readonly chunk?: string;
  /** 'snapshot': an HDFS snapshot of the source is made, read and deleted. Default 'live'. */
  readonly consistency?: ResolvedSpec['consistency'];
  readonly createDatabase?: boolean;
  /** The definition of the target table: 'source', or a preset. Default 'source'. */
  readonly schema?: 'source' | PresetTable;
  readonly drift?: ResolvedSpec['drift'];
  /** How often the partitions that failed are tried, 1 to 10. Default 3. */
  readonly rounds?: number;
  /** What becomes of a partition in which a file is still being written. Default 'skip'. */
  readonly openFiles?: ResolvedSpec['openFiles'];
  /** A partition whose newest file is younger is skipped: '10m'. Default: none is. */
  readonly minAge?: string;
  /** Whose owner, group, mode, ACL and storage policy partitions and files have. Default 'target'. */
  readonly attributes?: ResolvedSpec['attributes'];
  /** What becomes of the statistics of a changed partition. Default 'drop'. */
  readonly stats?: ResolvedSpec['stats'];
  /** Statements for the target's HiveServer2, run in this order when all is registered. */
  readonly afterRefresh?: readonly string[];
  /** Prefixes of places in the copied definition, and what they become on the target. */
  readonly locationMap?: Readonly<Record<string, string>>;
  /** Drop what the source no longer has: true, or {percent: 25} to allow more than a tenth of the partitions. Default false. */
  readonly prune?: boolean | { readonly percent: number };
  /** How long replaced versions and pruned partitions are kept for `ferry restore`, at least. Default '1d'. */
  readonly retain?: string;
  /** The digest of a plan that the run is held to (`ferry plan --out`): it does exactly that, or ends as PLAN_STALE. */
  readonly planDigest?: string;
};

const size = z.string().refine(isSize).describe(SIZE_NOUN);
const cluster = z.string().min(1).describe('the name of a cluster of temporal.config.ts');
// Hive's unquoted identifiers; names are matched without regard to case.
const table = z
  .string()
  .regex(/^\w+\.\w+$/)
  .describe('a table name with its database, such as "sales.orders"');
// A value holds no "/" in its escaped form, so that the segments are exactly the keys.
export const partition = z
  .string()
  .regex(/^[^/=]+=[^/]+(\/[^/=]+=[^/]+)*$/)
  .describe('a Hive partition name, such as "dt=2026-01-01/region=eu"');
const location = z
  .string()
  .regex(/^([a-z][a-z0-9+.-]*:\/\/[^/]+)?(\/(?!\.{1,2}(\/|$))[^/]+)+\/?$/i)
  .describe('an absolute folder on the target, such as "/warehouse/sales/orders"');
const place = z
  .string()
  .regex(/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+(\/\S*)?$/i)
  .describe('a place with its file system, such as "hdfs://nn.b:8020/schemas"');
const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined)
  .describe(DURATION_NOUN);
const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) => z.enum(values);

/** The shape of a spec; what its fields mean together is checked by checkSpec. */
export const specSchema = z
  .strictObject({
    table,
    source: cluster.optional(),
    target: z
      .union([cluster, z.strictObject({ cluster, table: table.optional(), location: location.optional() })])
      .describe('the name of a cluster, or {cluster, table, location}')
      .optional(),
    partitions: z
      .union([
        z.array(partition).min(1).describe('a list with at least one partition name; leave it out for the whole table'),
        z.strictObject({ last: z.number().int().min(1).max(100_000).describe('a whole number of partitions') }),
      ])
      .describe('a list of partition names, or {"last": 7}')
      .optional(),
    where: z.string().min(1).max(16_384).describe('a predicate over the partition keys').optional(),
    nodes: z
      .strictObject({
        count: z.number().int().min(1).max(1000).describe('a whole number from 1 to 1000').optional(),
        memory: size.optional(),
      })
      .describe('an object such as {"count": 4, "memory": "256MiB"}')
      .optional(),
    publish: oneOf('auto', 'swap', 'relocate').optional(),
    compare: oneOf('mtime', 'content').optional(),
    overwrite: oneOf('never', 'diverged').optional(),
    verify: oneOf('checksum', 'stream', 'length').optional(),
    chunk: size.optional(),
    consistency: oneOf('live', 'snapshot').optional(),
    createDatabase: z.boolean().describe('true or false').optional(),
    drift: oneOf('add-columns', 'refuse').optional(),
    schema: schemaChoice.optional(),
    rounds: z.number().int().min(1).max(10).describe('a whole number from 1 to 10').optional(),
    openFiles: oneOf('skip', 'fail', 'wait').optional(),
    minAge: duration.optional(),
    attributes: oneOf('target', 'source').optional(),
    stats: oneOf('drop', 'analyze').optional(),
    afterRefresh: z
      .array(z.string().min(1).max(16_384).describe('a HiveQL statement'))
      .max(20)
      .describe('a list of at most 20 HiveQL statements')
      .optional(),
    locationMap: z
      .record(place, place)
      .describe('an object of places, such as {"hdfs://nn.a:8020/schemas": "hdfs://nn.b:8020/schemas"}')
      .optional(),
    prune: z
      .union([z.boolean(), z.strictObject({ percent: z.number().min(1).max(100).describe('a number from 1 to 100') })])
      .describe('true, false or {"percent": 25}')
      .optional(),
    retain: duration.optional(),
    planDigest: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('the digest that `ferry plan --out` writes')
      .optional(),
  })
  .describe('an object such as {"table": "sales.orders", "source": "a", "target": "b"}') satisfies z.ZodType<
  unknown,
  SyncSpec
>;

/** A spec whose every field is right by itself. */
export type Fields = z.output<typeof specSchema>;
