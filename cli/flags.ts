import type { LoadOptions } from '../config/load-config.ts';
import type { ConfigOverrides } from '../config/resolved.ts';

/** The options of every command that reads temporal.config.ts. */
export type ConfigFlags = {
  readonly config?: string;
  readonly address?: string;
  readonly namespace?: string;
  readonly taskQueue?: string;
};

/** The options that make up a sync's spec, as commander reads them. */
export type SpecFlags = {
  readonly source?: string;
  readonly target?: string;
  readonly targetTable?: string;
  readonly targetLocation?: string;
  readonly partition?: readonly string[];
  readonly last?: string;
  readonly where?: string;
  readonly nodes?: string;
  readonly memory?: string;
  readonly publish?: string;
  readonly compare?: string;
  readonly overwrite?: string;
  readonly verify?: string;
  readonly chunk?: string;
  readonly consistency?: string;
  readonly drift?: string;
  /** 'source', or a preset table, once it is read from its file. */
  readonly schema?: unknown;
  readonly locationMap?: Readonly<Record<string, string>>;
  readonly rounds?: string;
  readonly createDatabase?: boolean;
  readonly openFiles?: string;
  readonly minAge?: string;
  readonly attributes?: string;
  readonly stats?: string;
  readonly afterRefresh?: readonly string[];
  readonly prune?: string | boolean;
  readonly retain?: string;
};

/** What loadConfig is asked for by the options of a command. */
export function configRequest(flags: ConfigFlags, more: ConfigOverrides = {}): LoadOptions {
  return { ...(flags.config === undefined ? {} : { file: flags.config }), overrides: overridesOf(flags, more) };
}

export function overridesOf(
  { address, namespace, taskQueue }: ConfigFlags,
  more: ConfigOverrides = {},
): ConfigOverrides {
  return present({ address, namespace, taskQueue, ...more });
}

/**
 * The spec that the options stand for, not checked yet: what is wrong with a value is said once, by the check that the
 * Temporal UI's input goes through too.
 */
export function specOfFlags(table: string, flags: SpecFlags, defaultTarget?: string): unknown {
  const { source, target, targetTable, targetLocation, partition, last, nodes, memory, rounds, ...rest } = flags;
  const {
    publish,
    compare,
    overwrite,
    verify,
    chunk,
    consistency,
    drift,
    schema,
    locationMap,
    createDatabase,
    where,
    openFiles,
    minAge,
    attributes,
    stats,
    afterRefresh,
    prune,
    retain,
  } = rest;
  const exact = present({ table: targetTable, location: targetLocation });
  const size = present({ count: numberOf(nodes), memory });
  return present({
    table,
    source,
    target: Object.keys(exact).length === 0 ? target : present({ cluster: target ?? defaultTarget, ...exact }),
    partitions: last === undefined ? partition : { last: numberOf(last) },
    where,
    nodes: Object.keys(size).length === 0 ? undefined : size,
    publish,
    compare,
    overwrite,
    verify,
    chunk,
    consistency,
    createDatabase,
    drift,
    schema,
    locationMap,
    rounds: numberOf(rounds),
    openFiles,
    minAge,
    attributes,
    stats,
    afterRefresh,
    prune: typeof prune === 'string' ? { percent: numberOf(prune) } : prune,
    retain,
  });
}

/** '4' -> 4; what is no number stays the text it is, for the check to name. */
function numberOf(text: string | undefined): number | string | undefined {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function present<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
