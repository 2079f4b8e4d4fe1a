/** Which of the calls that match meet a fault. */
export type Turns = {
  /** The first one, counted from 1 when the fault is put in; 1 unless given. */
  readonly nth?: number;
  /** That one and the matching ones right after it; 1 unless given. */
  readonly times?: number;
};

/** A fault that was put in. A test asserts `fired`, or it proves nothing when no call ever met the fault. */
export type Injected = {
  /** How many calls have met it. */
  readonly fired: number;
  remove(): void;
};

type Entry<Call, Fault> = {
  readonly matches: (call: Call) => boolean;
  readonly fault: Fault;
  readonly first: number;
  readonly last: number;
  seen: number;
  fired: number;
};

/** What a proxy is to do to which call: the first fault put in whose turn it is counts. */
export class FaultScript<Call, Fault> {
  readonly #entries = new Set<Entry<Call, Fault>>();

  inject(matches: (call: Call) => boolean, fault: Fault, { nth = 1, times = 1 }: Turns = {}): Injected {
    const entry: Entry<Call, Fault> = { matches, fault, first: nth, last: nth + times - 1, seen: 0, fired: 0 };
    this.#entries.add(entry);
    return {
      get fired() {
        return entry.fired;
      },
      remove: () => void this.#entries.delete(entry),
    };
  }

  /** Counts the call for every fault that it matches. */
  faultFor(call: Call): Fault | undefined {
    let found: Entry<Call, Fault> | undefined;
    for (const entry of this.#entries) {
      if (!entry.matches(call)) continue;
      entry.seen += 1;
      if (entry.seen >= entry.first && entry.seen <= entry.last) found ??= entry;
    }
    if (found !== undefined) found.fired += 1;
    return found?.fault;
  }

  clear(): void {
    this.#entries.clear();
  }
}
