import { runCommand } from '../command-lines.ts';
import { EXIT } from '../exit-code.ts';
import { type Io, writeJson } from '../io.ts';
import { pauseRun } from '../pause-run.ts';
import { type RunFlags, withRunning } from '../with-running.ts';

/** A pause takes about a second; longer where a step has to end first, or where a worker died with a node. */
const SAY_AFTER_MS = 3_000;

/** `ferry pause <workflow id | table>`: lets the run's nodes go, what they copied is kept, and returns when nothing goes on any more. */
export function pause(name: string, flags: RunFlags, io: Io): Promise<number> {
  return withRunning(name, flags, io, async ({ temporal, run }) => {
    const { workflowId, runId } = run;
    const saying = setTimeout(
      () => io.err.stream.write('Pausing: the step in hand has to end, or a worker that died to be given up.\n'),
      SAY_AFTER_MS,
    );
    const state = await pauseRun(temporal, run).finally(() => clearTimeout(saying));
    if (flags.json === true) writeJson(io, { schemaVersion: 1, workflowId, runId, state });
    else {
      const what = state === 'paused' ? 'is paused; what it copied is kept' : 'was resumed meanwhile';
      io.out.stream.write(`${workflowId} ${what}.\n`);
      if (state === 'paused')
        io.out.stream.write(`  To go on: ${runCommand(io.program, 'resume', workflowId, flags)}\n`);
    }
    return EXIT.all;
  });
}
