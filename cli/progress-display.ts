import cliProgress from 'cli-progress';
import { progressLines, progressLogLine } from './progress.ts';
import type { ProgressView } from './run-progress.ts';
import type { Colors, Terminal } from './terminal.ts';

/** Where the progress of a run is shown while it goes on. */
export type ProgressDisplay<View = ProgressView> = {
  show(view: View): void;
  /** A line that stays. */
  say(line: string): void;
  /** Takes the live part away; nothing is shown afterwards but what say() writes. */
  stop(): void;
};

/** How a view is put into words. */
export type Drawing<View> = {
  /** For a terminal that is drawn over; none wider than `columns`. */
  lines(view: View, columns: number, colors: Colors): readonly string[];
  /** For a log: no escape codes, no width. */
  logLine(view: View, at: Date): string;
  /** A log has a line at once when this changes. */
  phase(view: View): string;
};

/** Seconds between two lines where the terminal cannot be drawn on; FERRY_PROGRESS_SECONDS says otherwise. */
const LOG_EVERY_SECONDS = 10;

function logEveryMs(): number {
  const seconds = Number(process.env.FERRY_PROGRESS_SECONDS ?? LOG_EVERY_SECONDS);
  return 1000 * (Number.isFinite(seconds) && seconds > 0 ? seconds : LOG_EVERY_SECONDS);
}

const SYNC: Drawing<ProgressView> = {
  lines: progressLines,
  logLine: progressLogLine,
  phase: ({ phase }) => phase,
};

/** The progress of a sync. */
export function progressDisplay(terminal: Terminal): ProgressDisplay {
  return displayOf(terminal, SYNC);
}

export function displayOf<View>(
  terminal: Terminal,
  drawing: Drawing<View>,
  now: () => Date = () => new Date(),
): ProgressDisplay<View> {
  return terminal.isTty ? liveDisplay(terminal, drawing) : logDisplay(terminal, drawing, now);
}

/** Bars that are drawn over; cli-progress places them, the drawing says what is in them. */
function liveDisplay<View>(terminal: Terminal, drawing: Drawing<View>): ProgressDisplay<View> {
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
      const texts = drawing.lines(view, terminal.columns(), terminal.colors);
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
function logDisplay<View>(terminal: Terminal, drawing: Drawing<View>, now: () => Date): ProgressDisplay<View> {
  const every = logEveryMs();
  let [phase, last] = ['', 0];
  let stopped = false;
  return {
    show(view) {
      const at = now();
      if (stopped || (drawing.phase(view) === phase && at.getTime() - last < every)) return;
      [phase, last] = [drawing.phase(view), at.getTime()];
      terminal.stream.write(`${drawing.logLine(view, at)}\n`);
    },
    say: (line) => void terminal.stream.write(`${line}\n`),
    stop() {
      stopped = true;
    },
  };
}
