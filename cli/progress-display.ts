import cliProgress from 'cli-progress';
import { progressLines, progressLogLine } from './progress.ts';
import type { ProgressView } from './run-progress.ts';
import type { Terminal } from './terminal.ts';

/** Where the progress of a run is shown while it goes on. */
export type ProgressDisplay = {
  show(view: ProgressView): void;
  /** A line that stays. */
  say(line: string): void;
  /** Takes the live part away; nothing is shown afterwards but what say() writes. */
  stop(): void;
};

/** Seconds between two lines where the terminal cannot be drawn on; FERRY_PROGRESS_SECONDS says otherwise. */
const LOG_EVERY_SECONDS = 10;

function logEveryMs(): number {
  const seconds = Number(process.env.FERRY_PROGRESS_SECONDS ?? LOG_EVERY_SECONDS);
  return 1000 * (Number.isFinite(seconds) && seconds > 0 ? seconds : LOG_EVERY_SECONDS);
}

export function progressDisplay(terminal: Terminal, now: () => Date = () => new Date()): ProgressDisplay {
  return terminal.isTty ? liveDisplay(terminal) : logDisplay(terminal, now);
}

/** Bars that are drawn over; cli-progress places them, progressLines says what is in them. */
function liveDisplay(terminal: Terminal): ProgressDisplay {
  const lines = (): cliProgress.MultiBar =>
    new cliProgress.MultiBar({
      stream: terminal.stream,
      format: (_options, _params, payload: { readonly line: string }) => payload.line,
      clearOnComplete: true,
      hideCursor: true,
      fps: 5,
      linewrap: false,
      // It would end the process on a signal that the command answers itself.
      gracefulExit: false,
    });
  let bars = lines();
  let drawn: cliProgress.SingleBar[] = [];
  let stopped = false;
  const clear = () => {
    bars.stop();
    bars = lines();
    drawn = [];
  };
  return {
    show(view) {
      if (stopped) return;
      const texts = progressLines(view, terminal.columns(), terminal.colors);
      if (texts.length < drawn.length) clear();
      texts.forEach((line, index) => {
        const bar = drawn[index];
        if (bar === undefined) drawn.push(bars.create(1, 0, { line }));
        else bar.update({ line });
      });
    },
    say(line) {
      if (drawn.length > 0) clear();
      terminal.stream.write(`${line}\n`);
    },
    stop() {
      if (!stopped) bars.stop();
      drawn = [];
      stopped = true;
    },
  };
}

/** A line when something begins, then one every few seconds. */
function logDisplay(terminal: Terminal, now: () => Date): ProgressDisplay {
  const every = logEveryMs();
  let [phase, last] = ['', 0];
  let stopped = false;
  return {
    show(view) {
      const at = now();
      if (stopped || (view.phase === phase && at.getTime() - last < every)) return;
      [phase, last] = [view.phase, at.getTime()];
      terminal.stream.write(`${progressLogLine(view, at)}\n`);
    },
    say: (line) => void terminal.stream.write(`${line}\n`),
    stop() {
      stopped = true;
    },
  };
}
