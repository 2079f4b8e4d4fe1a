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
  const commands = program.commands.map((command): Known => {
    const words = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
    const flags = command.options.flatMap((option) => flagOf(option, valuesOf));
    return { name: command.name(), about: firstOf(command.description()), flags, words };
  });
  const script = { bash, zsh, fish }[shell];
  return script(program.name(), commands);
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
  const flags = [...new Map(commands.flatMap((command) => command.flags).map((flag) => [flag.name, flag])).values()];
  const files = flags.filter(({ file }) => file).map((flag) => flag.name);
  const free = flags
    .filter(({ value, values, file }) => value && values.length === 0 && !file)
    .map((flag) => flag.name);
  const reply = (words: readonly string[]) => `COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$cur"))`;
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
  if [ "$COMP_CWORD" -eq 1 ]; then ${reply(commands.map((command) => command.name))}; return; fi
  case "\${COMP_WORDS[1]}" in
${commands
  .map((command) => `    ${command.name}) ${reply([...command.words, ...command.flags.map((flag) => flag.name)])} ;;`)
  .join('\n')}
  esac
}
complete -o filenames -F _${name} ${name}
`;
}

function zsh(name: string, commands: readonly Known[]): string {
  const argument = ({ name: flag, about, value, values, file }: Flag) => {
    const what = values.length > 0 ? `:value:(${values.join(' ')})` : file ? ':file:_files' : value ? ':value:' : '';
    return `'${flag}[${about}]${what}'`;
  };
  return `#compdef ${name}
# zsh completion of ${name}: source <(${name} completion zsh)
_${name}() {
  local -a commands=(
${commands.map((command) => `    '${command.name}:${command.about}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words; (( CURRENT-- ))
  case $command in
${commands
  .map((command) => {
    const words = command.words.length > 0 ? [`'1:argument:(${command.words.join(' ')})'`] : [];
    return `    ${command.name}) _arguments ${[...words, ...command.flags.map(argument)].join(' ')} ;;`;
  })
  .join('\n')}
  esac
}
compdef _${name} ${name}
`;
}

function fish(name: string, commands: readonly Known[]): string {
  const within = (command: Known) => `complete -c ${name} -n '__fish_seen_subcommand_from ${command.name}'`;
  const flag = ({ name: long, about, value, values, file }: Flag) => {
    const takes = values.length > 0 ? ` -x -a '${values.join(' ')}'` : file ? ' -r -F' : value ? ' -x' : '';
    return `-l ${long.slice(2)}${takes} -d '${about}'`;
  };
  return `# fish completion of ${name}: ${name} completion fish | source
complete -c ${name} -f
${commands.map((command) => `complete -c ${name} -n __fish_use_subcommand -a ${command.name} -d '${command.about}'`).join('\n')}
${commands
  .flatMap((command) => [
    ...command.words.map((word) => `${within(command)} -a ${word}`),
    ...command.flags.map((each) => `${within(command)} ${flag(each)}`),
  ])
  .join('\n')}
`;
}
