import { patched, type WorkflowInfo, workflowInfo } from '@temporalio/workflow';
import { XCOM_LIMITS } from './dag-xcoms.ts';

/** From here on nothing is begun until all has ended, for the history to start anew; the server ends a run at 51,200 events, and at 50 MiB. */
const LONG_EVENTS = 20_000;
const LONG_BYTES = 10 * 1024 * 1024;
/** What is handed to tasks in one workflow task: its completion is one message to the server, of at most 4 MiB. */
const AT_ONCE_BYTES = 1024 * 1024;

type HistoryInfo = Pick<WorkflowInfo, 'historyLength' | 'historySize' | 'continueAsNewSuggested'>;

/** How much of the history of a run is used up; limits of bytes hold from where a run first exceeds them under this version. */
export class DagHistory {
  readonly #info: () => HistoryInfo;
  readonly #patched: (id: string) => boolean;
  /** What has been handed in the workflow task at this place of the history. */
  #handed = { at: 0, bytes: 0 };

  constructor(info: () => HistoryInfo = workflowInfo, patch: (id: string) => boolean = patched) {
    this.#info = info;
    this.#patched = patch;
  }

  get isLong(): boolean {
    return this.#info().historyLength >= LONG_EVENTS || this.#isLarge;
  }

  /** Whether a new history is due; the server says so sooner, by size too, unless it is set up not to. */
  get isToStartAnew(): boolean {
    return this.#info().continueAsNewSuggested || this.#isLarge;
  }

  get #isLarge(): boolean {
    return this.#info().historySize >= LONG_BYTES && this.#patched(XCOM_LIMITS);
  }

  /** Nothing more may be handed to a task before the next workflow task, which the end of a render brings about. */
  get isFullForNow(): boolean {
    const { at, bytes } = this.#handed;
    return at === this.#info().historyLength && bytes >= AT_ONCE_BYTES && this.#patched(XCOM_LIMITS);
  }

  /** Bytes that a task which is begun now is handed. */
  hand(bytes: number): void {
    const { historyLength: at } = this.#info();
    this.#handed = { at, bytes: bytes + (this.#handed.at === at ? this.#handed.bytes : 0) };
  }
}
