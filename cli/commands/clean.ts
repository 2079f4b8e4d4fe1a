import type { ResolvedConfig } from '../../config/resolved.ts';
import { specLimits } from '../../config/resolved.ts';
import { type CheckedClean, type CleanInput, checkClean } from '../../sync/clean-schema.ts';
import type { CleanResult } from '../../sync/clean-tables.ts';
import { cleanReportText } from '../clean-report.ts';
import { commandLine } from '../command-lines.ts';
import { EXIT } from '../exit-code.ts';
import { type Io, writeJson } from '../io.ts';
import { scheduleWork } from '../schedule-work.ts';
import { resultOf, type WorkFlags } from '../started-work.ts';
import { type Connected, withTemporal } from '../with-temporal.ts';

export type CleanFlags = WorkFlags & {
  readonly target?: string;
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly schedule?: string;
  readonly json?: boolean;
};

const TYPE = 'cleanTables';

/**
 * `ferry clean <table | --all>`: cleans after closed runs, through the workflow cleanTables, or has Temporal do it at the
 * times of a cron expression. Exit 0 done, 2 some tables could not be cleaned, 1 none could.
 */
export function clean(table: string | undefined, flags: CleanFlags, io: Io): Promise<number> {
  return withTemporal(flags, io, async (connected) => {
    const { input, checked } = inputOf(table, flags, connected.config);
    if (flags.schedule !== undefined) return schedule(connected, flags, input, checked, flags.schedule);
    const result = await resultOf<CleanResult>(connected, flags, {
      type: TYPE,
      workflowId: `${idOf(checked)}${checked.dryRun ? '/dry-run' : ''}`,
      input,
      summary: `Cleaning ${nameOf(checked)}`,
      underWay: 'join',
    });
    if (flags.json) writeJson(io, result);
    else io.out.stream.write(`${cleanReportText(result, { columns: io.out.columns(), colors: io.out.colors })}\n`);
    if (result.failures.length === 0) return EXIT.all;
    return result.total.tables > 0 ? EXIT.some : EXIT.none;
  });
}

/** Checked here already: what a schedule is given has to be right when it fires. */
function inputOf(
  table: string | undefined,
  { target, dryRun }: CleanFlags,
  config: ResolvedConfig,
): { readonly input: CleanInput; readonly checked: CheckedClean } {
  const asked = { target, table, dryRun };
  const said = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const checked = checkClean(said, specLimits(config));
  return { input: { ...said, target: checked.target }, checked };
}

async function schedule(
  { temporal, config, io }: Connected,
  flags: CleanFlags,
  input: CleanInput,
  checked: CheckedClean,
  cron: string,
): Promise<number> {
  const { taskQueue } = config.temporal;
  const id = idOf(checked);
  const made = await scheduleWork(temporal, {
    id,
    cron,
    type: TYPE,
    input,
    taskQueue,
    summary: `Cleaning ${nameOf(checked)}`,
  });
  const { address, namespace } = temporal;
  if (flags.json) writeJson(io, { schemaVersion: 1, schedule: id, cron, made });
  else {
    const where = ['--address', address, '--namespace', namespace];
    const remove = commandLine('temporal', ['schedule', 'delete', '-s', id, ...where]);
    io.out.stream.write(
      `Schedule ${id} ${made}: ${cron} (UTC), ${nameOf(checked)} on task queue "${taskQueue}".\n  To end it: ${remove}\n`,
    );
  }
  return EXIT.all;
}

function idOf({ target, of }: CheckedClean): string {
  return `clean/${target}/${of === undefined ? 'all' : `${of.database}.${of.table}`}`;
}

function nameOf({ target, of }: CheckedClean): string {
  return `${of === undefined ? 'all tables' : `${of.database}.${of.table}`} of ${target}`;
}
