#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT } from './exit-code.ts';
import { processIo } from './io.ts';
import { ferryProgram } from './program.ts';

const program = ferryProgram(processIo(), (code) => {
  process.exitCode = code;
});
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.all : EXIT.usage;
}
