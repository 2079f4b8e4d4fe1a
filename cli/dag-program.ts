import { type Command, Option } from 'commander';
import { type CommandContext, configOptions, JSON_FLAG } from './command-options.ts';
import { addDagRunCommands } from './dag-run-program.ts';

/** The commands of `ferry dag`. */
export function addDagCommands(program: Command, { io, run }: CommandContext): void {
  const group = program
    .command('dag')
    .description('DAGs: their schedules, runs and backfills')
    .addHelpText('after', EXAMPLES);

  configOptions(group.command('list'))
    .description('the DAGs of the folder of DAG files, and what the server has of them')
    .addHelpText('after', LIST_HELP)
    .addOption(JSON_FLAG)
    .action((flags) => run(async () => (await import('./commands/dag-list.ts')).dagList(flags, io), flags.json));

  configOptions(group.command('show'))
    .argument('<dag>', 'its dag_id')
    .description('a DAG as its file has it now: its graph, its schedule and next intervals, its params')
    .addHelpText('after', SHOW_HELP)
    .addOption(JSON_FLAG)
    .action((dag: string, flags) =>
      run(async () => (await import('./commands/dag-show.ts')).dagShow(dag, flags, io), flags.json),
    );

  configOptions(group.command('deploy'))
    .argument('[files or dag ids...]', 'only these DAGs; without any all of the folder')
    .description('bring the schedules of the server to what the DAG files say')
    .addHelpText('after', DEPLOY_HELP)
    .option('--dry-run', 'change nothing, tell what would be')
    .addOption(
      new Option('--exit-code', 'with --dry-run: exit 10 when there is something to do').implies({ dryRun: true }),
    )
    .option('--yes', 'do not ask')
    .option('--prune', 'remove the schedules of DAGs that no file has any more; without it they are paused')
    .addOption(JSON_FLAG)
    .action((names: readonly string[], flags) =>
      run(async () => (await import('./commands/dag-deploy.ts')).dagDeploy(names, flags, io), flags.json),
    );

  addDagRunCommands(group, { io, run });
}

const EXAMPLES = `
Examples:
  ferry dag list                          what there is, and what is deployed
  ferry dag show orders_daily             its graph and its next intervals
  ferry dag deploy --dry-run              what a deploy would change
  ferry dag trigger orders_daily          one run now
  ferry dag runs orders_daily             what ran, and how`;

const LIST_HELP = `
Exit codes: 0 · 2 some files cannot be used · 4 the server could not tell · 78 config
Examples:
  ferry dag list
  ferry dag list --json | jq -r '.dags[] | select(.state == "differs") | .dagId'`;

const SHOW_HELP = `
No server is asked.
Exit codes: 0 · 64 no such DAG, or its file is not valid · 78 config
Examples:
  ferry dag show orders_daily
  ferry dag show orders_daily --json | jq .dag      its spec, as a run pins it`;

const DEPLOY_HELP = `
What is about to change is told first; then it asks. Runs that go on keep the DAG they began with.
Exit codes: 0 done, or nothing to do · 1 nothing was done · 2 some of it · 4 the server could not tell · 64 usage, or DAGs
that are not valid · 78 config
Examples:
  ferry dag deploy                        all DAGs of the folder
  ferry dag deploy orders_daily           one of them
  ferry dag deploy dags/orders-daily.ts   those of a file
  ferry dag deploy --dry-run              only what would change
  ferry dag deploy --yes --prune          in a pipeline: ask nobody, remove what has no file any more`;
