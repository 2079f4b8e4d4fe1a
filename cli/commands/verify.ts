import { openClusters } from '../../config/open-cluster.ts';
import { type ResolvedConfig, specLimits } from '../../config/resolved.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import { shown } from '../../sync/problems.ts';
import type { SpecLimits } from '../../sync/spec.ts';
import { type VerifyLevel, type VerifyReport, verifyTable } from '../../sync/verify.ts';
import { directRun } from '../direct-run.ts';
import { EXIT } from '../exit-code.ts';
import type { ConfigFlags } from '../flags.ts';
import { type Io, writeJson } from '../io.ts';
import { reportError } from '../report-error.ts';
import type { SpecFileFlags } from '../spec-input.ts';
import { verifyReportText } from '../verify-report.ts';

export type VerifyFlags = ConfigFlags & SpecFileFlags & { readonly level?: string; readonly json?: boolean };

const LEVELS: readonly VerifyLevel[] = ['files', 'rows'];

/**
 * `ferry verify <table>`: compares both sides without changing anything. Exit 0 identical, 1 different; whatever keeps it
 * from telling (a table that is not there, too) is 4.
 */
export async function verify(table: string | undefined, flags: VerifyFlags, io: Io): Promise<number> {
  try {
    const report = await compare(table, flags, io);
    if (flags.json) writeJson(io, report);
    else io.out.stream.write(`${verifyReportText(report, { columns: io.out.columns(), colors: io.out.colors })}\n`);
    return report.identical ? EXIT.all : EXIT.none;
  } catch (error) {
    const exit = reportError(error, io, flags.json === true);
    return exit === EXIT.refused ? EXIT.unknown : exit;
  }
}

async function compare(table: string | undefined, flags: VerifyFlags, io: Io): Promise<VerifyReport> {
  const level = LEVELS.find((each) => each === (flags.level ?? 'files'));
  if (level === undefined)
    throw new FerryError('SPEC_INVALID', `--level: ${shown(flags.level)} is not one of ${LEVELS.join(', ')}`);
  return directRun(table, flags, io, {
    what: `comparing ${level}`,
    limitsOf: readableLimits,
    openClusters,
    work: (reader, spec) => verifyTable(reader, spec, level),
  });
}

/** A cluster that is never written may be compared all the same. */
function readableLimits(config: ResolvedConfig): SpecLimits {
  const limits = specLimits(config);
  const clusters = Object.fromEntries(Object.keys(limits.clusters).map((name) => [name, { access: 'write' as const }]));
  return { ...limits, clusters };
}
