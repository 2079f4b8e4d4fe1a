import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineUpdate,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import { PAUSE, type PauseState, RESUME } from './messages.ts';

/**
 * Takes the updates `pause` and `resume` of a run; both may be sent again. A pause cancels what goes on in interruptible()
 * and waits for it; any other step goes on to its end. Either way the run then waits in pass(), before its next step. The
 * updates are refused when the run is being cancelled, a pause also when it is being closed.
 */
export class Pausing {
  readonly #run: CancellationScope;
  readonly #changed: () => void;
  #asked = false;
  #waiting = false;
  #over = false;
  #interruptible: CancellationScope | undefined;

  /** To be made in the run's own scope. `changed` is called when the state is another than before. */
  constructor(changed: () => void) {
    this.#run = CancellationScope.current();
    this.#changed = changed;
    setHandler(defineUpdate<PauseState>(PAUSE), () => this.#pause(), { validator: () => this.#refusePause() });
    setHandler(defineUpdate<PauseState>(RESUME), () => this.#resume(), { validator: () => this.#refuseCancelled() });
  }

  get state(): PauseState {
    if (!this.#asked || this.#over) return 'running';
    return this.#waiting ? 'paused' : 'pausing';
  }

  /** Waits while the run is paused. Rejects when it is cancelled meanwhile. */
  async pass(): Promise<void> {
    if (!this.#asked) return;
    this.#waiting = true;
    this.#changed();
    try {
      await condition(() => !this.#asked);
    } finally {
      this.#waiting = false;
      this.#changed();
    }
  }

  /** Does work that a pause cancels; undefined: it was. A cancellation of the run rejects as ever. */
  async interruptible<T>(work: () => Promise<T>): Promise<T | undefined> {
    const scope = new CancellationScope();
    this.#interruptible = scope;
    try {
      return await scope.run(work);
    } catch (error) {
      if (this.#run.consideredCancelled || !scope.consideredCancelled || !isCancellation(error)) throw error;
      return undefined;
    } finally {
      this.#interruptible = undefined;
    }
  }

  /** Nothing is left that could be paused: no pause is taken any more, and one that still waits ends. */
  end(): void {
    this.#over = true;
  }

  async #pause(): Promise<PauseState> {
    this.#asked = true;
    this.#interruptible?.cancel();
    this.#changed();
    await CancellationScope.nonCancellable(() => condition(() => this.state !== 'pausing'));
    return this.state;
  }

  async #resume(): Promise<PauseState> {
    this.#asked = false;
    this.#changed();
    return this.state;
  }

  #refusePause(): void {
    this.#refuseCancelled();
    if (this.#over) throw refused('The run is being closed; nothing is left to pause.');
  }

  #refuseCancelled(): void {
    if (this.#run.consideredCancelled) throw refused('The run is being cancelled.');
  }
}

function refused(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'RUN_CLOSED');
}
