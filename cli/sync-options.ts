import { type Command, InvalidArgumentError, Option } from 'commander';

export const SOURCE = new Option('--source <cluster>', 'the cluster to copy from').env('FERRY_SOURCE');
export const TARGET = new Option('--target <cluster>', 'the cluster to copy to').env('FERRY_TARGET');
const PARTITION = new Option(
  '--partition <name>',
  'only this partition (dt=2026-01-01/region=eu); may be given again',
).argParser((name: string, before: readonly string[] | undefined) => [...(before ?? []), name]);
const LAST = new Option('--last <count>', 'only the last partitions, in the order of their values');
const WHERE = new Option(
  '--where <predicate>',
  "only partitions for which this holds, such as \"dt >= '2026-11-01' and region in ('eu', 'us')\"",
);
const STATEMENT = new Option(
  '--after-refresh <statement>',
  "a statement for the target's HiveServer2 when all is registered; may be given again",
).argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
const LOCATION_MAP = new Option(
  '--location-map <from=to>',
  'what places of the copied definition become, such as hdfs://a/avsc=hdfs://b/avsc; may be given again',
).argParser((pair: string, before: Readonly<Record<string, string>> | undefined) => {
  const at = pair.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It is not from=to.');
  return { ...before, [pair.slice(0, at)]: pair.slice(at + 1) };
});
const SPEC = new Option(
  '--spec <file>',
  'the spec as a YAML, JSON or TypeScript file; what is said here goes over it',
).env('FERRY_SPEC');
const TARGET_TABLE = new Option('--target-table <db.table>', 'another name on the target');
const TARGET_LOCATION = new Option(
  '--target-location <folder>',
  'another folder than the database gives the table, when it is created',
);

/** The options that say which partitions of which table are meant, on which clusters. */
export function tableOptions(command: Command): Command {
  return [SPEC, SOURCE, TARGET, WHERE, LAST, PARTITION, TARGET_TABLE].reduce(
    (with_, option) => with_.addOption(option),
    command,
  );
}

/** All options that make up the spec of a sync: those of `ferry sync` and of `ferry plan`, which shows what that would do. */
export function syncOptions(command: Command): Command {
  return tableOptions(command)
    .addOption(TARGET_LOCATION)
    .addOption(new Option('--nodes <count>', 'virtual nodes at most').env('FERRY_NODES'))
    .addOption(new Option('--memory <size>', 'memory of a node, such as 256MiB').env('FERRY_MEMORY'))
    .option('--overwrite <what>', 'never | diverged: replace target partitions that other hands changed')
    .option('--compare <how>', 'mtime | content: how files are found to be the same')
    .option('--publish <how>', 'auto | swap | relocate')
    .option('--verify <how>', 'checksum | stream | length: how written files are checked')
    .option('--chunk <size>', 'copy larger files in chunks of this size, such as 512MiB (1GiB)')
    .option('--consistency <how>', 'live | snapshot: read one HDFS snapshot of the source')
    .option('--drift <how>', 'add-columns | refuse')
    .option('--schema <file>', 'source; or the definition of the target table as a YAML, JSON or TypeScript file')
    .addOption(LOCATION_MAP)
    .option('--rounds <count>', 'how often failed partitions are tried')
    .option('--open-files <what>', 'skip | fail | wait: partitions in which a file is still being written')
    .option('--min-age <duration>', 'leave out partitions whose newest file is younger, such as 10m')
    .option('--attributes <whose>', 'target | source: whose owner, group, mode, ACL and storage policy files have')
    .option('--stats <what>', 'drop | analyze: statistics of changed partitions')
    .option('--prune [percent]', 'drop what the source no longer has, at most this share of the partitions (10)')
    .option('--retain <duration>', 'keep replaced versions and dropped partitions for so long, such as 7d (1d)')
    .addOption(STATEMENT)
    .option('--create-database', 'make the database when the target has none of that name');
}
