import type { Command } from 'commander';
import { specJsonSchema } from '../../sync/spec-json-schema.ts';
import { completionScript, type Shell } from '../completion.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';

/** `ferry completion <shell>`: the script on stdout. */
export async function completion(shell: Shell, program: Command, io: Io): Promise<number> {
  const { properties } = specJsonSchema() as {
    readonly properties: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
  };
  const levels = ['files', 'rows'];
  io.out.stream.write(
    completionScript(shell, program, (option) => (option === 'level' ? levels : (properties[option]?.enum ?? []))),
  );
  return EXIT.all;
}
