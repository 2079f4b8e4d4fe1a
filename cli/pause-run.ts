import { PAUSE, type PauseState, RESUME } from '../workflows/messages.ts';
import { type MessagedRun, sendUpdate } from './send-update.ts';
import type { TemporalClient } from './temporal-client.ts';

/**
 * Pauses the run; resolves when nothing of it goes on any more. Throws RUN_CLOSED when there is nothing left to pause,
 * UNREACHABLE when no worker takes the message.
 */
export function pauseRun(temporal: TemporalClient, run: MessagedRun): Promise<PauseState> {
  return sendUpdate(temporal, run, PAUSE);
}

/** Lets a paused run go on; nothing changes for one that is not paused. Throws as pauseRun does. */
export function resumeRun(temporal: TemporalClient, run: MessagedRun): Promise<PauseState> {
  return sendUpdate(temporal, run, RESUME);
}
