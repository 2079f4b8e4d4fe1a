/** So much of something a second, shared by all who take from it. */
export type Budget = {
  /** Waits until `amount` more may be used, in the order of the calls. Rejects with the signal's reason. */
  take(amount: number, signal?: AbortSignal): Promise<void>;
};
