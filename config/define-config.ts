import { inspect } from 'node:util';
import { z } from 'zod';
import { redact } from '../errors/ferry-error.ts';
import { DURATION_NOUN, parseDuration } from '../sync/duration.ts';
import { didYouMean, explain, type Problem, problemsError, problemsOf, shown } from '../sync/problems.ts';
import { isSize, parseSize, SIZE_NOUN } from '../sync/size.ts';
import type { Config } from './config.ts';
import { BUILT_IN } from './resolved.ts';

const size = z.string().refine(isSize).describe(SIZE_NOUN);
const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined)
  .describe(DURATION_NOUN);
const count = z.number().int().min(1).max(1000).describe('a whole number from 1 to 1000');
const days = z.number().int().min(1).max(36_500).describe('a whole number of days from 1 to 36500');
const hostPort = z
  .string()
  .regex(/^[^\s/:@]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i)
  .describe('an address such as "temporal.example.com:7233"');
const listenAt = z
  .string()
  .refine((text) => /^(\[[0-9a-f:]+\]|[^\s/:@[\]]+):\d{1,5}$/i.test(text) && Number(text.split(':').at(-1)) <= 65_535)
  .describe('a host and a port of this machine, such as "127.0.0.1:9464" or "0.0.0.0:9464"');
const name = (of: string) => z.string().min(1).max(200).describe(of);
// The name stands in workflow ids and paths.
const clusterName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/i)
  .max(64)
  .describe('a cluster name: letters, digits, ".", "_" and "-", such as "prod-eu"');
const httpUrl = (noun: string) => z.string().refine(isHttpUrl).describe(noun);
const namenode = httpUrl('a namenode URL without credentials, such as "http://namenode:9870"');
const authority = z
  .string()
  .regex(/^[a-z][a-z0-9+.-]*:\/\/[^\s/@]+$/i)
  .describe('a file system URI without a path, such as "hdfs://nameservice1"');
const oneOrMany = <T extends z.ZodType>(one: T, noun: string) =>
  z.union([one, z.array(one).min(1).describe(noun)]).describe(noun);
const user = z
  .string()
  .regex(/^[^\s/@:]+$/)
  .describe('a user name');
// A "." or ".." segment would leave the folder that everything hive-ferry keeps lies in.
const folder = z
  .string()
  .regex(/^(\/(?!\.{1,2}(\/|$))[^/]+)+\/?$/)
  .describe('an absolute folder on that cluster, such as "/user/etl/hive-ferry"');
const secret = (ending: string) =>
  z
    .union([
      z.strictObject({ env: name('the name of an environment variable') }).describe('{ env: "NAME" }'),
      z.strictObject({ file: name('the path of a file') }).describe('{ file: "/path" }'),
    ])
    .describe(`{ env: "NAME" } or { file: "/path" }${ending}`);
const password = secret('; a password itself does not belong in temporal.config.ts');

const cluster = z
  .strictObject({
    webhdfs: oneOrMany(namenode, 'a namenode URL such as "http://namenode:9870", or a list of them'),
    user,
    fileSystem: oneOrMany(authority, 'a file system URI such as "hdfs://nameservice1", or a list of them'),
    metastore: z
      .string()
      .regex(/^thrift:\/\/[^\s/:@,]+:\d{1,5}(,thrift:\/\/[^\s/:@,]+:\d{1,5})*$/)
      .describe('a metastore URI such as "thrift://metastore:9083", or several separated by commas')
      .optional(),
    hiveserver2: z
      .strictObject({
        host: z
          .string()
          .regex(/^[^\s/:@]+$/)
          .describe('a host name'),
        port: z.number().int().min(1).max(65_535).describe('a port number'),
        auth: z.enum(['nosasl', 'plain']).optional(),
        user: user.optional(),
        password: password.optional(),
      })
      .describe('an object such as { host: "hive", port: 10000 }')
      .optional(),
    access: z.enum(['read', 'write']).optional(),
    controlRoot: folder.optional(),
  })
  .describe('an object with webhdfs, user, fileSystem and metastore (or only hiveserver2)');

const pemFile = name('the path of a file in PEM').optional();
const tls = z
  .union([
    z.boolean().describe('true or false'),
    z
      .strictObject({
        clientCert: pemFile,
        clientKey: pemFile,
        serverCaCert: pemFile,
        serverName: name('the name in the certificate of the server').optional(),
      })
      .describe('an object with clientCert, clientKey, serverCaCert, serverName'),
  ])
  .describe('true, false, or an object with clientCert, clientKey, serverCaCert, serverName');

const temporal = z
  .strictObject({
    address: hostPort.optional(),
    namespace: name('the name of a Temporal namespace').optional(),
    taskQueue: name('the name of a task queue').optional(),
    copyQueue: name('the name of a task queue').optional(),
    ui: httpUrl('an http(s) URL, such as "http://localhost:8233"').optional(),
    codec: name('the path of a module').optional(),
    apiKey: secret('; the key itself does not belong in temporal.config.ts').optional(),
    tls: tls.optional(),
  })
  .describe('an object with address, namespace, taskQueue, copyQueue, ui, codec, apiKey, tls');

const worker = z
  .strictObject({
    pool: size.optional(),
    minNodeMemory: size.optional(),
    maxNodeMemory: size.optional(),
    bandwidth: size.optional(),
    // Fewer would let a node's heartbeat run out while it waits for its turn.
    namenodeCalls: z
      .number()
      .int()
      .min(20)
      .max(1_000_000)
      .describe('calls a second: a whole number from 20')
      .optional(),
    shutdownGrace: duration.optional(),
    shutdownForce: duration.optional(),
    listen: listenAt.optional(),
  })
  .describe(
    'an object with pool, minNodeMemory, maxNodeMemory, bandwidth, namenodeCalls, shutdownGrace, shutdownForce, listen',
  );

const defaults = z
  .strictObject({
    source: name('the name of a cluster of this file').optional(),
    target: name('the name of a cluster of this file').optional(),
    nodes: z
      .strictObject({ count: count.optional(), memory: size.optional() })
      .describe('an object such as { count: 4, memory: "256MiB" }')
      .optional(),
    createDatabase: z.boolean().describe('true or false').optional(),
  })
  .describe('an object with source, target, nodes, createDatabase');

const dags = z
  .strictObject({
    folder: name('the path of a folder').optional(),
    home: name('the name of a cluster of this file').optional(),
    historyDays: days.optional(),
    signingKey: secret('; the key itself does not belong in temporal.config.ts').optional(),
    activities: z.array(name('the name of an activity')).describe('a list of names of activities').optional(),
    unsignedSpecs: z.boolean().describe('true or false').optional(),
  })
  .describe('an object with folder, home, historyDays, signingKey, activities, unsignedSpecs');

/** temporal.config.ts, field by field. */
export const configSchema = z
  .strictObject({
    temporal: temporal.optional(),
    clusters: z.record(clusterName, cluster).describe('an object with an entry a cluster'),
    worker: worker.optional(),
    defaults: defaults.optional(),
    dags: dags.optional(),
  })
  .describe('an object such as { clusters: { prod: {...}, lake: {...} } }') satisfies z.ZodType<unknown, Config>;

/**
 * Checks the whole of a temporal.config.ts and freezes it. Throws one CONFIG_INVALID that lists every problem with its
 * path, its value and the way out (line by line in details.problems). The result prints without secrets.
 */
export function defineConfig(config: Config): Config {
  const parsed = configSchema.safeParse(config, { error: explain });
  const problems = [...(parsed.success ? [] : problemsOf(parsed.error.issues)), ...contradictions(config)];
  if (!parsed.success || problems.length > 0)
    throw problemsError('CONFIG_INVALID', 'temporal.config.ts is not valid', problems);
  return freeze(printedRedacted(parsed.data));
}

/** What no field shows by itself; only the fields that are right by themselves are looked at. */
function contradictions(config: unknown): readonly Problem[] {
  const raw = (typeof config === 'object' && config !== null ? config : {}) as Record<string, unknown>;
  const named = Object.entries(typeof raw.clusters === 'object' && raw.clusters !== null ? raw.clusters : {});
  const clusters = named.map(([name]) => name);
  const sizes = worker.safeParse(raw.worker ?? {}).data;
  const chosen = defaults.safeParse(raw.defaults ?? {}).data;
  const home = dags.safeParse(raw.dags ?? {}).data?.home;
  const secured = temporal.safeParse(raw.temporal ?? {}).data;
  return [
    ...(raw.clusters !== undefined && clusters.length === 0
      ? [{ path: 'clusters', message: 'is empty; name at least one cluster' }]
      : []),
    ...named.flatMap(([name, each]) => withoutCatalog(`clusters.${name}.metastore`, each)),
    ...(['source', 'target'] as const).flatMap((side) => unknownCluster(`defaults.${side}`, chosen?.[side], clusters)),
    ...unknownCluster('dags.home', home, clusters),
    ...(secured === undefined ? [] : tlsContradictions(secured)),
    ...(sizes === undefined ? [] : memoryContradictions(sizes, chosen?.nodes?.memory)),
  ];
}

function withoutCatalog(path: string, each: unknown): readonly Problem[] {
  if (typeof each !== 'object' || each === null || 'metastore' in each || 'hiveserver2' in each) return [];
  const message =
    'is missing; name a metastore URI such as "thrift://metastore:9083", or, where it cannot be reached, hiveserver2';
  return [{ path, message }];
}

function unknownCluster(path: string, cluster: string | undefined, clusters: readonly string[]): readonly Problem[] {
  if (cluster === undefined || clusters.includes(cluster)) return [];
  return [
    {
      path,
      message: `${shown(cluster)} is not a cluster of this file (${clusters.join(', ')})${didYouMean(cluster, clusters)}`,
    },
  ];
}

function tlsContradictions({ apiKey, tls }: z.output<typeof temporal>): readonly Problem[] {
  if (apiKey !== undefined && tls === false) {
    return [{ path: 'temporal.tls', message: 'false would send temporal.apiKey for all to read; leave it out' }];
  }
  if (typeof tls !== 'object' || (tls.clientCert === undefined) === (tls.clientKey === undefined)) return [];
  const missing = tls.clientKey === undefined ? 'clientKey' : 'clientCert';
  return [
    { path: `temporal.tls.${missing}`, message: 'is missing; a client shows a certificate and its key, or neither' },
  ];
}

function memoryContradictions(sizes: z.output<typeof worker>, nodeMemory: string | undefined): readonly Problem[] {
  const pool = sizes.pool ?? BUILT_IN.pool;
  const least = sizes.minNodeMemory ?? BUILT_IN.minNodeMemory;
  const most = sizes.maxNodeMemory ?? pool;
  const rules: readonly [boolean, string, string][] = [
    [
      parseSize(most) > parseSize(pool),
      'worker.maxNodeMemory',
      `"${most}" is more than worker.pool (${pool}), which every node takes its memory from`,
    ],
    [
      parseSize(least) > parseSize(most),
      'worker.minNodeMemory',
      `"${least}" is more than the largest node (${most}), so that no node could run`,
    ],
    [
      nodeMemory !== undefined && parseSize(nodeMemory) < parseSize(least),
      'defaults.nodes.memory',
      `"${nodeMemory}" is less than worker.minNodeMemory (${least})`,
    ],
    [
      nodeMemory !== undefined && parseSize(nodeMemory) > parseSize(most),
      'defaults.nodes.memory',
      `"${nodeMemory}" is more than the largest node (${most})`,
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, path, message]) => ({ path, message }));
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username + password + search + hash === '';
}

function freeze<T extends object>(value: T): T {
  for (const each of Object.values(value)) if (typeof each === 'object' && each !== null) freeze(each);
  return Object.freeze(value);
}

/** Printing and JSON.stringify show a copy; neither is a key of the config. */
function printedRedacted<T extends object>(config: T): T {
  return Object.defineProperties(config, {
    [inspect.custom]: { value: () => redacted(config) },
    toJSON: { value: () => redacted(config) },
  });
}

function redacted(value: unknown, key = ''): unknown {
  if (/passw|secret|token|api_?key/i.test(key)) return '***';
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((each) => redacted(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, redacted(each, name)]));
}
