import { CODES } from '../errors/codes.ts';
import { codeOf, FerryError, isFerryError } from '../errors/ferry-error.ts';
import type { Outcome } from '../sync/outcome.ts';
import { EXIT, exitCodeOf, exitCodeOfError } from './exit-code.ts';
import { type Io, writeJson } from './io.ts';
import { outcomeReport } from './outcome-report.ts';
import { type AskedFor, outcomeWithoutRun } from './outcome-without-run.ts';
import type { SyncEnd } from './sync-run.ts';

/** What telling how a run ended takes. */
export type Telling = {
  readonly io: Io;
  readonly json: boolean;
  readonly asked: AskedFor;
  readonly since: Date;
  /** The command that goes on where the run stopped; the command itself when left out. */
  readonly goOn?: string;
};

/** Tells how a run ended, and gives the exit code. */
export function tellEnd(end: SyncEnd, telling: Telling): number {
  if (end.kind === 'outcome') return tellOutcome(end.outcome, telling);
  if (!end.stopped) return endWithError(new FerryError(end.code, end.message), telling);
  const hint = 'Start the sync again; it copies only what is missing.';
  const why = { code: end.code, message: end.message, hint };
  return tellOutcome(outcomeWithoutRun(telling.asked, 'cancelled', why, [telling.since, new Date()]), telling);
}

/** Tells an error as the outcome of a run that did not come to one; throws it when it is not one of a run. */
export function endWithError(error: unknown, telling: Telling): number {
  const exit = isFerryError(error) ? exitCodeOfError(error.code) : EXIT.unknown;
  // A wrong input or config has no outcome; main prints it as the error it is.
  if (exit === EXIT.usage || exit === EXIT.config || !isFerryError(error)) throw error;
  const code = codeOf(error);
  const why = { code, message: error.message, hint: CODES[code].hint };
  const kind = exit === EXIT.refused ? 'refused' : 'failed';
  tellOutcome(outcomeWithoutRun(telling.asked, kind, why, [telling.since, new Date()]), telling);
  return exit;
}

export function tellOutcome(
  outcome: Outcome,
  { io, json, goOn = io.again }: Pick<Telling, 'io' | 'json' | 'goOn'>,
): number {
  if (json) writeJson(io, outcome);
  else io.out.stream.write(`${outcomeReport(outcome, { columns: io.out.columns(), colors: io.out.colors, goOn })}\n`);
  return exitCodeOf(outcome);
}
