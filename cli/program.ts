import { readFileSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import { configOptions, JSON_FLAG } from './command-options.ts';
import { SHELLS, type Shell } from './completion.ts';
import { addDagCommands } from './dag-program.ts';
import { helpWithin } from './help-within.ts';
import type { Io } from './io.ts';
import { SOURCE, syncOptions, TARGET, tableOptions } from './sync-options.ts';

// Commands are imported when they are called: `ferry --help` must not wait for Temporal's libraries.

const RUN_NAME = 'as `ferry sync` and the Temporal UI show it; or db.table, when one sync of it goes on';
const RUN_ID = new Option('--run-id <id>', 'this run of the workflow id; else the latest');

/** The command line of ferry. `done` takes the exit code of the command that ran. */
export function ferryProgram(io: Io, done: (code: number) => void): Command {
  const { version } = JSON.parse(readFileSync(new URL(packageJson(), import.meta.url), 'utf8')) as { version: string };
  const run = (work: () => Promise<number>, json = false) =>
    work()
      .catch(async (error: unknown) => (await import('./report-error.ts')).reportError(error, io, json))
      .then(done);
  const program = new Command('ferry')
    .description('Copies Hive tables between Hadoop clusters, as durable Temporal workflows.')
    .version(version, '-V, --version')
    .showSuggestionAfterError()
    .configureHelp({ minWidthToWrap: 20 })
    .configureOutput({ writeOut: (text) => void io.out.stream.write(helpWithin(text, io.out)) })
    .exitOverride();

  const sync = program
    .command('sync')
    .argument('[table]', 'db.table; may stand in the file of --spec')
    .description('copy a table, only what is missing or changed')
    .addHelpText('after', EXIT_CODES);
  configOptions(syncOptions(sync))
    .addOption(
      new Option('--plan <file>', 'do exactly what ferry plan --out wrote, or nothing (exit 3)').conflicts('spec'),
    )
    .option('--local', 'run a worker inside this command')
    .addOption(JSON_FLAG)
    .action((table: string | undefined, flags) => {
      if (table === undefined && flags.spec === undefined && flags.plan === undefined) noTable(sync);
      return run(async () => (await import('./commands/sync.ts')).sync(table, flags, io), flags.json);
    });

  const watch = program
    .command('watch')
    .argument('<workflow id | table>', RUN_NAME)
    .description('show a sync that was started elsewhere, until its end')
    .addHelpText('after', EXIT_CODES);
  configOptions(watch)
    .addOption(RUN_ID)
    .addOption(JSON_FLAG)
    .action((name: string, flags) =>
      run(async () => (await import('./commands/watch.ts')).watch(name, flags, io), flags.json),
    );

  const pause = program
    .command('pause')
    .argument('<workflow id | table>', RUN_NAME)
    .description('let the nodes of a sync go and make it wait; what it copied is kept');
  configOptions(pause)
    .addOption(RUN_ID)
    .addOption(JSON_FLAG)
    .action((name: string, flags) =>
      run(async () => (await import('./commands/pause.ts')).pause(name, flags, io), flags.json),
    );

  const resume = program
    .command('resume')
    .argument('<workflow id | table>', RUN_NAME)
    .description('let a paused sync go on where it was');
  configOptions(resume)
    .addOption(RUN_ID)
    .option('--local', 'run a worker inside this command, until the sync ends')
    .addOption(JSON_FLAG)
    .action((name: string, flags) =>
      run(async () => (await import('./commands/resume.ts')).resume(name, flags, io), flags.json),
    );

  const cancel = program
    .command('cancel')
    .argument('<workflow id | table>', RUN_NAME)
    .description('end a sync: what it published is registered, its staging deleted')
    .addHelpText(
      'after',
      '\nExit codes: 0 cancelled · 3 it had ended before · 4 could not tell · 64 usage · 78 config',
    );
  configOptions(cancel)
    .addOption(RUN_ID)
    .addOption(JSON_FLAG)
    .action((name: string, flags) =>
      run(async () => (await import('./commands/cancel.ts')).cancel(name, flags, io), flags.json),
    );

  const plan = program
    .command('plan')
    .argument('[table]', 'db.table; may stand in the file of --spec')
    .description('show what a sync would do; nothing is written');
  configOptions(syncOptions(plan))
    .option('--out <file>', 'write the plan, to be executed exactly by: ferry sync --plan <file>')
    .option('--all', 'list every partition, the unchanged ones too')
    .option('--exit-code', 'exit 10 when there is something to do')
    .addOption(JSON_FLAG)
    .action((table: string | undefined, flags) => {
      if (table === undefined && flags.spec === undefined) noTable(plan);
      return run(async () => (await import('./commands/plan.ts')).plan(table, flags, io), flags.json);
    });

  const verify = program
    .command('verify')
    .argument('[table]', 'db.table; may stand in the file of --spec')
    .description('compare both sides; nothing is changed without --repair')
    .addHelpText('after', '\nExit codes: 0 identical · 1 different · 4 could not tell · 64 usage · 78 config');
  configOptions(tableOptions(verify))
    .option(
      '--level <what>',
      'files: every file by checksum | rows: also every partition by its rows, through HiveServer2',
      'files',
    )
    .option('--sample <share>', 'compare only this share of the partitions, such as 5%: the same ones each time')
    .addOption(
      new Option(
        '--repair',
        'then sync exactly the partitions that differ, found by content, over what other hands changed',
      ).conflicts('json'),
    )
    .addOption(JSON_FLAG)
    .action((table: string | undefined, flags) => {
      if (table === undefined && flags.spec === undefined) noTable(verify);
      return run(async () => (await import('./commands/verify.ts')).verify(table, flags, io), flags.json);
    });

  addDagCommands(program, { io, run });

  const clean = program
    .command('clean')
    .argument('[table]', 'db.table on the target')
    .description('put back what dead runs moved aside, delete what old ones left when its time is over')
    .addHelpText(
      'after',
      '\nExit codes: 0 done · 1 no table could be cleaned · 2 some could not · 4 could not tell · 64 usage',
    );
  configOptions(clean)
    .addOption(TARGET)
    .option('--all', 'all tables that hive-ferry ever wrote on the target')
    .option('--dry-run', 'change nothing, tell what would be')
    .addOption(
      new Option('--schedule <cron>', "have Temporal do it at these times (UTC), such as '0 4 * * *'").conflicts(
        'dryRun',
      ),
    )
    .addOption(new Option('--local', 'run a worker inside this command').conflicts('schedule'))
    .addOption(JSON_FLAG)
    .action((table: string | undefined, flags) => {
      if ((table === undefined) !== (flags.all === true)) clean.error('error: name a table, or say --all');
      return run(async () => (await import('./commands/clean.ts')).clean(table, flags, io), flags.json);
    });

  const restore = program
    .command('restore')
    .argument('<table>', 'db.table on the target')
    .description('bring a replaced or dropped partition back')
    .addHelpText(
      'after',
      '\nExit codes: 0 it is back · 1 nothing is aside · 64 several versions are aside: name one with --run',
    );
  configOptions(restore)
    .addOption(TARGET)
    .option('--partition <name>', 'dt=2026-01-01/region=eu; left out: the whole of an unpartitioned table')
    .option('--run <key>', 'the run that the version is listed under, where several are aside')
    .option('--local', 'run a worker inside this command')
    .addOption(JSON_FLAG)
    .action((table: string, flags) =>
      run(async () => (await import('./commands/restore.ts')).restore(table, flags, io), flags.json),
    );

  const doctor = program
    .command('doctor')
    .description('look at all that a sync needs, and say how to mend what is not right')
    .addHelpText(
      'after',
      '\nExit codes: 0 all good, warnings allowed · 1 something failed · 4 could not tell · 64 usage',
    );
  configOptions(doctor)
    .addOption(SOURCE)
    .addOption(TARGET)
    .addOption(JSON_FLAG)
    .action((flags) => run(async () => (await import('./commands/doctor.ts')).doctor(flags, io), flags.json));

  const worker = program.command('worker').description('take the work of the task queue');
  configOptions(worker)
    .addOption(new Option('--pool <size>', 'the memory that the nodes of this worker share').env('FERRY_POOL'))
    .addOption(
      new Option('--bandwidth <size>', 'bytes a second for all of its streams together, such as 100MiB').env(
        'FERRY_BANDWIDTH',
      ),
    )
    .addOption(
      new Option('--listen <host:port>', 'answer /healthz and /metrics there, such as 127.0.0.1:9464').env(
        'FERRY_LISTEN',
      ),
    )
    .action((flags) => run(async () => (await import('./commands/worker.ts')).worker(flags, io)));

  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .description('print a script that makes the shell complete these commands')
    .addHelpText('after', COMPLETION_HELP)
    .action((shell: Shell) =>
      run(async () => (await import('./commands/completion.ts')).completion(shell, program, io)),
    );
  return program;
}

const COMPLETION_HELP = `
In ~/.bashrc: source <(ferry completion bash) · in ~/.zshrc, after compinit: source <(ferry completion zsh)
for fish: ferry completion fish > ~/.config/fish/completions/ferry.fish`;

const EXIT_CODES = `
Exit codes: 0 all of it, or nothing to do · 1 none · 2 some · 3 refused before a byte moved · 4 could not tell
(a cluster, Temporal or a worker not reached) · 5 cancelled · 64 usage · 78 config · 130 interrupted`;

function noTable(command: Command): never {
  return command.error("error: missing required argument 'table'", { code: 'commander.missingArgument' });
}

/** package.json lies above cli/ in the sources, and above dist/cli/ in the package. */
function packageJson(): string {
  return import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json';
}
