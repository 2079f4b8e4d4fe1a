import type { Command, Option } from 'commander';

export type Shell = 'bash' | 'zsh' | 'fish';
export const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish'];

type Flag = {
  /** '--source' */
  readonly name: string;
  readonly about: string;
  /** Whether a value has to follow. */
  readonly value: boolean;
  /** The values it takes, where they are known. */
  readonly values: readonly string[];
  /** The value is a file. */
  readonly file: boolean;
};

type Known = {
  readonly name: string;
  readonly about: string;
  readonly flags: readonly Flag[];
  readonly words: readonly string[];
  /** Of a group, such as `ferry dag`. */
  readonly commands: readonly Known[];
};

/**
 * The script that makes a shell complete ferry's commands, options and their fixed values; it is made of the command
 * line itself and asks nobody when it runs. `valuesOf` names the values of an option that the spec restricts.
 */
export function completionScript(
  shell: Shell,
  program: Command,
  valuesOf: (option: string) => readonly string[],
): string {
  const known = (command: Command): Known => {
    const words = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
    const flags = command.options.flatMap((option) => flagOf(option, valuesOf));
    const about = firstOf(command.description());
    return { name: command.name(), about, flags, words, commands: command.commands.map(known) };
  };
  const script = { bash, zsh, fish }[shell];
  return script(program.name(), program.commands.map(known));
}

function flagOf(option: Option, valuesOf: (option: string) => readonly string[]): readonly Flag[] {
  if (option.long === undefined || option.long === null) return [];
  return [
    {
      name: option.long,
      about: firstOf(option.description),
      value: option.required,
      values: option.argChoices ?? valuesOf(option.attributeName()),
      file: /<file>/.test(option.flags),
    },
  ];
}

/** The first clause, in signs that every shell takes as they are. */
function firstOf(description: string): string {
  return (description.split(/[;:(]/)[0] ?? '').replace(/['"`\\$[\]]/g, '').trim();
}

function bash(name: string, commands: readonly Known[]): string {
  const all = commands.flatMap((command) => [command, ...command.commands]);
  const flags = [...new Map(all.flatMap((command) => command.flags).map((flag) => [flag.name, flag])).values()];
  const files = flags.filter(({ file }) => file).map((flag) => flag.name);
  const free = flags
    .filter(({ value, values, file }) => value && values.length === 0 && !file)
    .map((flag) => flag.name);
  const reply = (words: readonly string[]) => `COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$cur"))`;
  const level = (depth: number, at: readonly Known[]): string => {
    const cases = at.map((command) =>
      command.commands.length > 0
        ? `${command.name})\n${level(depth + 1, command.commands)} ;;`
        : `${command.name}) ${reply([...command.words, ...command.flags.map((flag) => flag.name)])} ;;`,
    );
    return `  if [ "$COMP_CWORD" -eq ${depth} ]; then ${reply(at.map((command) => command.name))}; return; fi
  case "\${COMP_WORDS[${depth}]}" in
${cases.map((each) => `    ${each}`).join('\n')}
  esac`;
  };
  return `# bash completion of ${name}: source <(${name} completion bash)
_${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  case "$prev" in
${flags
  .filter(({ values }) => values.length > 0)
  .map((flag) => `    ${flag.name}) ${reply(flag.values)}; return ;;`)
  .join('\n')}
    ${files.join('|')}) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    ${free.join('|')}) return ;;
  esac
${level(1, commands)}
}
complete -o filenames -F _${name} ${name}
`;
}

function zsh(name: string, commands: readonly Known[]): string {
  const argument = ({ name: flag, about, value, values, file }: Flag) => {
    const what = values.length > 0 ? `:value:(${values.join(' ')})` : file ? ':file:_files' : value ? ':value:' : '';
    return `'${flag}[${about}]${what}'`;
  };
  const level = (what: string, at: readonly Known[]): string => {
    const cases = at.map((command) => {
      if (command.commands.length > 0) return `${command.name})\n${level('subcommand', command.commands)} ;;`;
      const words = command.words.length > 0 ? [`'1:argument:(${command.words.join(' ')})'`] : [];
      return `${command.name}) _arguments ${[...words, ...command.flags.map(argument)].join(' ')} ;;`;
    });
    return `  local -a ${what}s=(
${at.map((command) => `    '${command.name}:${command.about}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then _describe ${what} ${what}s; return; fi
  local ${what}=$words[2]
  shift words; (( CURRENT-- ))
  case $${what} in
${cases.map((each) => `    ${each}`).join('\n')}
  esac`;
  };
  return `#compdef ${name}
# zsh completion of ${name}: source <(${name} completion zsh)
_${name}() {
${level('command', commands)}
}
compdef _${name} ${name}
`;
}

function fish(name: string, commands: readonly Known[]): string {
  const seen = (among: readonly Known[]) => `__fish_seen_subcommand_from ${among.map((each) => each.name).join(' ')}`;
  const complete = (when: string, what: string) => `complete -c ${name} -n '${when}' ${what}`;
  const flag = ({ name: long, about, value, values, file }: Flag) => {
    const takes = values.length > 0 ? ` -x -a '${values.join(' ')}'` : file ? ' -r -F' : value ? ' -x' : '';
    return `-l ${long.slice(2)}${takes} -d '${about}'`;
  };
  const within = (command: Known, when: string) => [
    ...command.words.map((word) => complete(when, `-a ${word}`)),
    ...command.flags.map((each) => complete(when, flag(each))),
  ];
  const lines = commands.flatMap((command) => {
    // `pause` of `ferry dag pause` is another one.
    const groups = commands.filter((group) => group.commands.some((each) => each.name === command.name));
    const here = seen([command]);
    const asked = `${here}; and not ${seen(command.commands)}`;
    return [
      ...within(command, groups.length === 0 ? here : `${here}; and not ${seen(groups)}`),
      ...command.commands.flatMap((each) => [
        complete(asked, `-a ${each.name} -d '${each.about}'`),
        ...within(each, `${here}; and ${seen([each])}`),
      ]),
    ];
  });
  return `# fish completion of ${name}: ${name} completion fish | source
complete -c ${name} -f
${commands.map((command) => `complete -c ${name} -n __fish_use_subcommand -a ${command.name} -d '${command.about}'`).join('\n')}
${lines.join('\n')}
`;
}
