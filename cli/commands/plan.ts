import { openClusters } from '../../config/open-cluster.ts';
import { previewSync } from '../../sync/preview-sync.ts';
import { commandLine } from '../command-lines.ts';
import { directRun } from '../direct-run.ts';
import { EXIT } from '../exit-code.ts';
import type { ConfigFlags } from '../flags.ts';
import { type Io, writeJson } from '../io.ts';
import { isFull } from '../plan-cost-report.ts';
import { writePlanFile } from '../plan-file.ts';
import { hasWork, planDocument, planReportText } from '../plan-report.ts';
import type { SpecFileFlags } from '../spec-input.ts';

export type PlanFlags = ConfigFlags &
  SpecFileFlags & {
    readonly out?: string;
    readonly exitCode?: boolean;
    readonly all?: boolean;
    readonly json?: boolean;
  };

/** What --exit-code says when a sync would have something to do. */
const WORK = 10;

/** `ferry plan <table>`: what a sync would do and need, read from both sides; nothing is written. Exit 3: it would be refused. */
export async function plan(table: string | undefined, flags: PlanFlags, io: Io): Promise<number> {
  const preview = await directRun(table, flags, io, { what: 'reading both sides', openClusters, work: previewSync });
  if (flags.out !== undefined) {
    writePlanFile(flags.out, preview.plan, new Date());
    const go = commandLine(io.program, ['sync', '--plan', flags.out]);
    io.err.stream.write(`Wrote ${flags.out}. To do exactly this: ${go}\n`);
  }
  if (flags.json) writeJson(io, planDocument(preview));
  else
    io.out.stream.write(
      `${planReportText(preview, { columns: io.out.columns(), colors: io.out.colors, all: flags.all === true })}\n`,
    );
  if (isFull(preview.space)) return EXIT.refused;
  return flags.exitCode && hasWork(preview.plan) ? WORK : EXIT.all;
}
