import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { completionScript, SHELLS } from '../../../cli/completion.ts';
import { specJsonSchema } from '../../../sync/spec-json-schema.ts';

const properties = specJsonSchema().properties as Readonly<Record<string, { readonly enum?: readonly string[] }>>;
const valuesOf = (option: string) => properties[option]?.enum ?? [];

let program: Command;

beforeAll(async () => {
  const { Argument, Command: Program, Option } = await import('commander');
  program = new Program('ferry');
  program
    .command('sync')
    .description("copy a table; don't worry")
    .option('--source <cluster>', 'the cluster')
    .option('--publish <how>', 'auto | swap | relocate')
    .option('--spec <file>', "the user's spec")
    .option('--prune [percent]', 'drop [some]')
    .option('--json', 'one document');
  program.command('completion').description('print a script').addArgument(new Argument('<shell>').choices(SHELLS));
  const group = program.command('dag').description('DAGs: all of them');
  group.command('sync').option('--dry-run', 'nothing');
  group.command('runs').addOption(new Option('--rerun <which>', 'again').choices(['failed', 'all']));
  program.command('verify').addOption(new Option('--level <what>').choices(['files', 'rows']));
});

/** What bash offers for a line, the last word being completed. */
function offered(...words: string[]): readonly string[] {
  const script = completionScript('bash', program, valuesOf);
  const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _ferry; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['--norc', '-c', `${script}\n${line}`], { encoding: 'utf8', cwd: __dirname });
  return out.split('\n').filter((word) => word !== '');
}

describe('completion in bash', () => {
  it.each<[readonly string[], readonly string[]]>([
    [
      ['ferry', ''],
      ['sync', 'completion', 'dag', 'verify'],
    ],
    [
      ['ferry', 'dag', ''],
      ['sync', 'runs'],
    ],
    [['ferry', 'dag', 'sync', '--'], ['--dry-run']],
    [
      ['ferry', 'dag', 'runs', 'orders', '--rerun', ''],
      ['failed', 'all'],
    ],
    [['ferry', 's'], ['sync']],
    [
      ['ferry', 'sync', '--s'],
      ['--source', '--spec'],
    ],
    [
      ['ferry', 'sync', 'a.b', '--publish', ''],
      ['auto', 'swap', 'relocate'],
    ],
    [['ferry', 'sync', '--publish', 'r'], ['relocate']],
    [['ferry', 'sync', '--source', ''], []],
    [['ferry', 'sync', '--spec', 'completion'], ['completion.test.ts']],
    [['ferry', 'sync', '--prune', '--j'], ['--json']],
    [
      ['ferry', 'completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['ferry', 'verify', '--level', 'r'], ['rows']],
    [['ferry', 'nothing', ''], []],
  ])('%j', (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });
});

describe('completion in zsh and fish', () => {
  it('names each command and option, with its values', () => {
    const zsh = completionScript('zsh', program, valuesOf);
    expect(zsh).toContain("'sync:copy a table'");
    expect(zsh).toContain("'--publish[auto | swap | relocate]:value:(auto swap relocate)'");
    expect(zsh).toContain("'--spec[the users spec]:file:_files'");
    expect(zsh).toContain("'--prune[drop some]'");
    expect(zsh).toContain("completion) _arguments '1:argument:(bash zsh fish)'");
    expect(zsh).toContain("runs) _arguments '--rerun[again]:value:(failed all)'");
    const fish = completionScript('fish', program, valuesOf);
    expect(fish).toContain("complete -c ferry -n __fish_use_subcommand -a sync -d 'copy a table'");
    expect(fish).toContain(
      "-n '__fish_seen_subcommand_from sync; and not __fish_seen_subcommand_from dag' -l publish -x -a 'auto swap relocate'",
    );
    expect(fish).toContain('-l spec -r -F');
    expect(fish).toContain("-n '__fish_seen_subcommand_from completion' -a fish");
    expect(fish).toContain(
      "-n '__fish_seen_subcommand_from dag; and not __fish_seen_subcommand_from sync runs' -a runs",
    );
    expect(fish).toContain("-n '__fish_seen_subcommand_from dag; and __fish_seen_subcommand_from sync' -l dry-run");
  });
});
