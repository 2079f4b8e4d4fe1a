import { messageOf } from '../errors/ferry-error.ts';
import { EXIT } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import type { ProgressDisplay } from './progress-display.ts';
import { cancelSync, type SyncHandle } from './sync-run.ts';

/** A run that a command waits for. */
export type Owned = {
  readonly handle: SyncHandle;
  /** Whether a scheduler that ends the command ends the run with it; else the run is only looked at. */
  readonly owned: boolean;
};

/** Resolves when somebody wants to leave the run alone. A cancellation is passed on, and its end waited for. */
export function leaving(
  { handle, owned }: Owned,
  display: Pick<ProgressDisplay, 'say' | 'stop'>,
  interactive: boolean,
): { readonly asked: Promise<'detach'>; stop(): void } {
  let leave: (asked: 'detach') => void;
  const asked = new Promise<'detach'>((resolve) => {
    leave = resolve;
  });
  const { stop } = onInterrupt(interactive, (interruption) => {
    if (interruption === 'leave-now') {
      display.stop();
      process.exit(EXIT.interrupted);
    }
    if (interruption === 'detach' || !owned) return leave('detach');
    display.say('Cancelling the run; waiting for its end.');
    cancelSync(handle).catch((error: unknown) => display.say(`The run could not be cancelled: ${messageOf(error)}`));
  });
  return { asked, stop };
}
