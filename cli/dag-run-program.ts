import { type Command, Option } from 'commander';
import { type CommandContext, configOptions, JSON_FLAG } from './command-options.ts';

const INTERVAL = new Option(
  '--interval <start>',
  'the interval that starts then: a date, or a moment with its offset (the last complete one)',
);
const PARAMS = new Option('--params <name=value>', "one of the DAG's params; may be given again").argParser(oneMore);
const PARAMS_FILE = new Option('--params-file <file>', 'params as a YAML or JSON file; --params goes over it');
const DETACH = new Option('--detach', 'do not wait for the end');
const RUN = 'its dag_id; or the workflow id of one run';

function oneMore(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** The commands of `ferry dag` that are about runs. */
export function addDagRunCommands(group: Command, { io, run }: CommandContext): void {
  configOptions(group.command('trigger'))
    .argument('<dag>', 'its dag_id')
    .description('run a DAG for one interval, and show it to its end')
    .addOption(INTERVAL)
    .addOption(PARAMS)
    .addOption(PARAMS_FILE)
    .option('--rerun', 'also when the interval has succeeded already')
    .addOption(DETACH)
    .addOption(JSON_FLAG)
    .addHelpText('after', TRIGGER_HELP)
    .action((dagId: string, flags) =>
      run(async () => (await import('./commands/dag-trigger.ts')).dagTrigger(dagId, flags, io), flags.json),
    );

  configOptions(group.command('backfill'))
    .argument('<dag>', 'its dag_id')
    .description('run every interval of a range that has not run')
    .requiredOption('--from <start>', 'the first interval: a date, or a moment with its offset')
    .requiredOption('--to <start>', 'the last one, inclusive')
    .option('--max-active <count>', 'runs at a time (3); maxActiveRuns of the DAG holds besides')
    .addOption(
      new Option('--rerun <which>', 'failed: also those that did not succeed; all: every one').choices([
        'failed',
        'all',
      ]),
    )
    .option('--reverse', 'the newest interval first')
    .addOption(PARAMS)
    .addOption(PARAMS_FILE)
    .addOption(new Option('--dry-run', 'start nothing, tell what would run').conflicts('detach'))
    .addOption(DETACH)
    .addOption(JSON_FLAG)
    .addHelpText('after', BACKFILL_HELP)
    .action((dagId: string, flags) =>
      run(async () => (await import('./commands/dag-backfill.ts')).dagBackfill(dagId, flags, io), flags.json),
    );

  configOptions(group.command('runs'))
    .argument('<dag>', 'its dag_id')
    .description('tasks by intervals: what ran, what goes on, what is missing')
    .option('--from <start>', 'the first interval (as many of the last as there is room for)')
    .option('--to <start>', 'the last one, inclusive (the newest)')
    .option('--missing', 'the intervals that are due and that nobody knows a run of; exit 1 when there are some')
    .addOption(JSON_FLAG)
    .addHelpText('after', RUNS_HELP)
    .action((dagId: string, flags) =>
      run(async () => (await import('./commands/dag-runs.ts')).dagRuns(dagId, flags, io), flags.json),
    );

  configOptions(group.command('clear'))
    .argument('<dag | run>', RUN)
    .argument('<task...>', 'the tasks that are to run again')
    .description('run tasks of a run again, and what depends on them; the finished others do not')
    .addOption(INTERVAL)
    .option('--downstream', 'with all that depends on them (this is so anyway)')
    .option('--no-downstream', 'only the tasks themselves')
    .addOption(DETACH)
    .addOption(JSON_FLAG)
    .addHelpText('after', CLEAR_HELP)
    .action((name: string, tasks: readonly string[], flags) =>
      run(async () => (await import('./commands/dag-clear.ts')).dagClear(name, tasks, flags, io), flags.json),
    );

  configOptions(group.command('cancel'))
    .argument('<dag | run>', 'its dag_id; or the workflow id of one run, or of a backfill')
    .description('end a run, or a backfill with the runs it has started; no further task is started')
    .addOption(INTERVAL)
    .addOption(DETACH)
    .addOption(JSON_FLAG)
    .addHelpText('after', CANCEL_HELP)
    .action((name: string, flags) =>
      run(async () => (await import('./commands/dag-cancel.ts')).dagCancel(name, flags, io), flags.json),
    );

  configOptions(group.command('test'))
    .argument('<file>', 'a DAG file')
    .description('run one interval of a DAG in this process, without Temporal')
    .addOption(INTERVAL)
    .option('--dag <dag_id>', 'which one, of a file that has several')
    .option('--fake', 'touch no cluster: every task succeeds, and its rendered input is shown')
    .addOption(PARAMS)
    .addOption(PARAMS_FILE)
    .addOption(
      new Option('--xcom <task=json>', 'what a faked task returns (null); may be given again').argParser(oneMore),
    )
    .addOption(JSON_FLAG)
    .addHelpText('after', TEST_HELP)
    .action((file: string, flags) =>
      run(async () => (await import('./commands/dag-test.ts')).dagTest(file, flags, io), flags.json),
    );

  for (const [verb, description, help] of [
    ['pause', 'pause the schedule of a DAG; or one run, of which no more task is started', PAUSE_HELP],
    ['resume', 'let a paused schedule, or a paused run, go on', RESUME_HELP],
  ] as const) {
    configOptions(group.command(verb))
      .argument('<dag | run>', RUN)
      .description(description)
      .addOption(new Option('--interval <start>', "the run of this interval, instead of the DAG's schedule"))
      .option('--note <text>', "why; the schedule's page of the Temporal UI shows it")
      .addOption(JSON_FLAG)
      .addHelpText('after', help)
      .action((name: string, flags) =>
        run(async () => {
          const { dagPause, dagResume } = await import('./commands/dag-pause.ts');
          return verb === 'pause' ? dagPause(name, flags, io) : dagResume(name, flags, io);
        }, flags.json),
      );
  }
}

const TRIGGER_HELP = `
An interval that has succeeded is not run again; Ctrl-C leaves the run alone.
Exit codes: 0 success, or it had succeeded before · 1 failed · 4 could not tell · 5 cancelled · 64 usage · 130 interrupted
Examples:
  ferry dag trigger orders_daily                          the last complete interval
  ferry dag trigger orders_daily --interval 2026-11-24 --params region=eu
  ferry dag trigger orders_daily --interval 2026-11-24 --rerun --detach`;

const BACKFILL_HELP = `
A workflow drives it: it goes on when this command, or a worker, is gone. What has run is told, and not run again.
Exit codes: 0 all, or nothing to do · 1 none · 2 some · 4 could not tell · 5 cancelled · 64 usage · 130 interrupted
Examples:
  ferry dag backfill orders_daily --from 2026-11-01 --to 2026-11-30 --dry-run
  ferry dag backfill orders_daily --from 2026-11-01 --to 2026-11-30 --max-active 5 --reverse
  ferry dag backfill orders_daily --from 2026-11-01 --to 2026-11-30 --rerun failed`;

const RUNS_HELP = `
Exit codes: 0 · with --missing: 0 none is missing, 1 some are · 4 could not tell · 64 usage
Examples:
  ferry dag runs orders_daily
  ferry dag runs orders_daily --from 2026-11-01 --to 2026-11-30
  ferry dag runs orders_daily --missing --json | jq -r '.missing[].start'`;

const CLEAR_HELP = `
Of a run that has ended a new one starts, which takes over what had succeeded.
Exit codes: as for trigger
Examples:
  ferry dag clear orders_daily orders                     the run of the last complete interval
  ferry dag clear orders_daily orders --interval 2026-11-24
  ferry dag clear dag/orders_daily-2026-11-25T03:00:00Z checked --no-downstream`;

const CANCEL_HELP = `
A sync that is under way registers what it has published, and leaves no staging.
Exit codes: 0 cancelled · 3 it had ended before · 4 could not tell · 64 usage · 130 interrupted
Examples:
  ferry dag cancel orders_daily                           the run of the last complete interval
  ferry dag cancel dag/orders_daily-2026-11-25T03:00:00Z`;

const TEST_HELP = `
Without --fake the tasks do what they do: syncs copy, queries run. One try each; sensors wait as they would. Tasks of your
own activities are faked, as those are on your worker. Nothing is claimed or remembered, and onEnd is not called.
Exit codes: 0 success · 1 failed · 64 usage, or the file is no DAG · 78 config · 130 interrupted
Examples:
  ferry dag test dags/orders-daily.ts --fake              what its templates come to
  ferry dag test dags/orders-daily.ts --interval 2026-11-24
  ferry dag test dags/wide.ts --fake --xcom 'tables=["a","b"]' --json`;

const PAUSE_HELP = `
Examples:
  ferry dag pause orders_daily --note 'the source moves'  its schedule starts no run
  ferry dag pause orders_daily --interval 2026-11-24      that run starts no further task`;

const RESUME_HELP = `
What was due while a schedule was paused is run: with catchup all of it, else the newest interval.
Examples:
  ferry dag resume orders_daily
  ferry dag resume dag/orders_daily-2026-11-25T03:00:00Z`;
