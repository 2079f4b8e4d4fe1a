import { randomUUID } from 'node:crypto';
import { loadConfig } from '../../config/load-config.ts';
import { type OpenClusters, openClusters } from '../../config/open-cluster.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import { CODES } from '../../errors/codes.ts';
import { codeOf, FerryError, isFerryError, messageOf } from '../../errors/ferry-error.ts';
import { didYouMean } from '../../sync/problems.ts';
import type { Check } from '../doctor/check.ts';
import { filesChecks } from '../doctor/files-checks.ts';
import { hiveChecks } from '../doctor/hive-checks.ts';
import { leftoversCheck } from '../doctor/leftovers-check.ts';
import { lookAtCluster, withClosingDelays } from '../doctor/look-at-cluster.ts';
import { lookAtTemporal } from '../doctor/look-at-temporal.ts';
import { doctorDocument, doctorReport } from '../doctor/report.ts';
import { temporalChecks } from '../doctor/temporal-checks.ts';
import { EXIT } from '../exit-code.ts';
import { type ConfigFlags, configRequest } from '../flags.ts';
import { Interrupted, onInterrupt } from '../interrupt.ts';
import { type Io, writeJson } from '../io.ts';

export type DoctorFlags = ConfigFlags & { readonly source?: string; readonly target?: string; readonly json?: boolean };

/**
 * `ferry doctor`: looks at all that a sync would need, and says how to mend what is not right. Changes nothing but a
 * probe below the control root of each target, which it takes away again. Exit 0 all good (warnings allowed), 1 something
 * failed, 4 nothing failed but something could not be told.
 */
export async function doctor(flags: DoctorFlags, io: Io): Promise<number> {
  const checks = await checkAll(flags, io);
  const document = doctorDocument(checks);
  if (flags.json) writeJson(io, document);
  else io.out.stream.write(`${doctorReport(checks, { columns: io.out.columns(), colors: io.out.colors })}\n`);
  if (document.counts.fail > 0) return EXIT.none;
  return document.counts.unknown > 0 ? EXIT.unknown : EXIT.all;
}

async function checkAll(flags: DoctorFlags, io: Io): Promise<readonly Check[]> {
  const loaded = await loadedConfig(flags);
  if ('check' in loaded) return [loaded.check];
  const { config, path } = loaded;
  const about: Check = { id: 'file', subject: 'config', status: 'ok', says: path };
  const sides = sidesOf(config, flags);
  const clusters = openClusters(config);
  const stopping = new AbortController();
  const interrupts = onInterrupt(false, (interruption) => {
    if (interruption === 'leave-now') process.exit(EXIT.interrupted);
    stopping.abort(new Interrupted());
  });
  const settings = {
    nodes: config.defaults.nodes,
    poolBytes: config.worker.poolBytes,
    workerCommand: `${io.program} worker`,
  };
  try {
    const [temporal, ...each] = await Promise.all([
      lookAtTemporal(config, stopping.signal).then((findings) => temporalChecks(findings, settings)),
      ...sides.map((side) => clusterChecks(side, config, clusters, io.program, stopping.signal)),
    ]);
    return [about, ...temporal, ...each.flat()];
  } finally {
    interrupts.stop();
    await clusters.close();
  }
}

type Side = { readonly name: string; readonly target: boolean };

async function clusterChecks(
  { name, target }: Side,
  config: ResolvedConfig,
  clusters: OpenClusters,
  program: string,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const { user, webhdfs } = config.clusters[name] ?? { user: '', webhdfs: [] };
  const cluster = clusters.open(name);
  const seen = await lookAtCluster({ cluster, target, user, webhdfs }, { signal, uuid: randomUUID });
  const findings = await withClosingDelays(seen, signal);
  const leftovers = target && findings.listed.ok ? [await leftoversCheck(cluster, program, signal)] : [];
  return [...filesChecks(findings), ...hiveChecks(findings), ...leftovers];
}

/** The clusters that were named, else all of the config: any that may be written is a target of some sync. */
function sidesOf({ clusters }: ResolvedConfig, { source, target }: DoctorFlags): readonly Side[] {
  const named = [...new Set([source, target])].filter((name) => name !== undefined);
  for (const name of named) if (!Object.hasOwn(clusters, name)) throw unknownCluster(name, Object.keys(clusters));
  if (named.length > 0) return named.map((name) => ({ name, target: name === target }));
  return Object.values(clusters).map(({ name, access }) => ({ name, target: access === 'write' }));
}

function unknownCluster(name: string, known: readonly string[]): FerryError {
  return new FerryError(
    'CLUSTER_UNKNOWN',
    `${JSON.stringify(name)} is not a cluster of temporal.config.ts (${known.join(', ')})${didYouMean(name, known)}`,
  );
}

/** A config that is wrong is the first thing to be told; the options of this command are not part of it. */
async function loadedConfig(
  flags: DoctorFlags,
): Promise<{ readonly config: ResolvedConfig; readonly path: string } | { readonly check: Check }> {
  try {
    return await loadConfig(configRequest(flags));
  } catch (error) {
    if (!isFerryError(error) || codeOf(error) !== 'CONFIG_INVALID') throw error;
    const fix = CODES.CONFIG_INVALID.hint;
    return { check: { id: 'file', subject: 'config', status: 'fail', says: messageOf(error), fix } };
  }
}
