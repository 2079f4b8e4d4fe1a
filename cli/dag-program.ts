import type { Command } from 'commander';
import { type CommandContext, configOptions, JSON_FLAG } from './command-options.ts';

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
}

const EXAMPLES = `
Examples:
  ferry dag list                          what there is, and what is deployed
  ferry dag show orders_daily             its graph and its next intervals
  ferry dag deploy --dry-run              what a deploy would change`;

const LIST_HELP = `
Exit codes: 0 · 2 some files cannot be used · 4 the server could not tell · 78 config
Examples:
  ferry dag list
  ferry dag list --json | jq -r '.dags[] | select(.state == "differs") | .dagId'`;
