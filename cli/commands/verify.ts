import { openClusters } from '../../config/open-cluster.ts';
import { type ResolvedConfig, specLimits } from '../../config/resolved.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import type { ResolvedSpec } from '../../sync/outcome.ts';
import { shown } from '../../sync/problems.ts';
import type { SpecLimits } from '../../sync/spec.ts';
import { type VerifyLevel, type VerifyReport, verifyTable } from '../../sync/verify.ts';
import { directRun } from '../direct-run.ts';
import { EXIT } from '../exit-code.ts';
import type { ConfigFlags } from '../flags.ts';
import { type Io, writeJson } from '../io.ts';
import { countText } from '../quantities.ts';
import { repairOf } from '../repair.ts';
import { reportError } from '../report-error.ts';
import type { SpecFileFlags } from '../spec-input.ts';
import { verifyReportText } from '../verify-report.ts';
import { syncSpec } from './sync.ts';

export type VerifyFlags = ConfigFlags &
  SpecFileFlags & {
    readonly level?: string;
    readonly sample?: string;
    readonly repair?: boolean;
    readonly json?: boolean;
  };

const LEVELS: readonly VerifyLevel[] = ['files', 'rows'];

/**
 * `ferry verify <table>`: compares both sides without changing anything, unless --repair asks to. Exit 0 identical, 1 different; whatever keeps it
 * from telling (a table that is not there, too) is 4.
 */
export async function verify(table: string | undefined, flags: VerifyFlags, io: Io): Promise<number> {
  try {
    const { report, spec } = await compare(table, flags, io);
    if (flags.json) writeJson(io, report);
    else io.out.stream.write(`${verifyReportText(report, { columns: io.out.columns(), colors: io.out.colors })}\n`);
    if (report.identical) return EXIT.all;
    return flags.repair ? await repair(report, spec, flags, io) : EXIT.none;
  } catch (error) {
    const exit = reportError(error, io, flags.json === true);
    return exit === EXIT.refused ? EXIT.unknown : exit;
  }
}

/** Syncs exactly the partitions that differ. Exit as that sync, but 1 while the target has partitions too many. */
async function repair(report: VerifyReport, spec: ResolvedSpec, flags: VerifyFlags, io: Io): Promise<number> {
  const { input, extra } = repairOf(report, spec);
  const exit = input === undefined ? EXIT.all : await syncSpec(() => input, flags, io);
  if (extra.length === 0) return exit;
  io.err.stream.write(
    `${extra.length === 1 ? `${extra[0]} is` : `${countText(extra.length, 'partition')} are`} only at the target and left alone; a sync with --prune drops such.\n`,
  );
  return exit === EXIT.all ? EXIT.none : exit;
}

type Compared = { readonly report: VerifyReport; readonly spec: ResolvedSpec };

async function compare(table: string | undefined, flags: VerifyFlags, io: Io): Promise<Compared> {
  const level = LEVELS.find((each) => each === (flags.level ?? 'files'));
  if (level === undefined)
    throw new FerryError('SPEC_INVALID', `--level: ${shown(flags.level)} is not one of ${LEVELS.join(', ')}`);
  const percent = percentOf(flags.sample ?? '100%');
  return directRun(table, flags, io, {
    what: `comparing ${level}`,
    limitsOf: readableLimits,
    openClusters,
    work: async (reader, spec) => ({ report: await verifyTable(reader, spec, level, percent), spec }),
  });
}

/** '5%' or '5' -> 5 */
export function percentOf(text: string): number {
  const percent = /^\d+(\.\d+)?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (percent > 0 && percent <= 100) return percent;
  throw new FerryError('SPEC_INVALID', `--sample: ${shown(text)} is not a share of the partitions, such as "5%"`);
}

/** A cluster that is never written may be compared all the same. */
function readableLimits(config: ResolvedConfig): SpecLimits {
  const limits = specLimits(config);
  const clusters = Object.fromEntries(Object.keys(limits.clusters).map((name) => [name, { access: 'write' as const }]));
  return { ...limits, clusters };
}
