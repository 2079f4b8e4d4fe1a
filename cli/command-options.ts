import { type Command, Option } from 'commander';
import type { Io } from './io.ts';

/** What a group of commands needs to be added to the program. `run` turns what a command throws into its exit code. */
export type CommandContext = {
  readonly io: Io;
  readonly run: (work: () => Promise<number>, json?: boolean) => Promise<void>;
};

export const JSON_FLAG = new Option('--json', 'print one JSON document on stdout');

/** The options of every command that reads temporal.config.ts. */
export function configOptions(command: Command): Command {
  return command
    .option('--config <file>', 'the config (FERRY_CONFIG; else temporal.config.ts here or in a folder above)')
    .addOption(new Option('--address <host:port>', 'the Temporal server').env('FERRY_TEMPORAL_ADDRESS'))
    .addOption(new Option('--namespace <name>', 'the Temporal namespace').env('FERRY_TEMPORAL_NAMESPACE'))
    .addOption(new Option('--task-queue <name>', 'the task queue').env('FERRY_TASK_QUEUE'));
}
