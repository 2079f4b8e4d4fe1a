import { describe, expect, it } from '@jest/globals';
import { DagHistory } from '../../../workflows/dag-history.ts';

const MIB = 1024 * 1024;

function historyOf(over: Partial<{ historyLength: number; historySize: number }> = {}, patched = true) {
  const info = { historyLength: 3, historySize: 1000, continueAsNewSuggested: false, ...over };
  return {
    info,
    history: new DagHistory(
      () => info,
      () => patched,
    ),
  };
}

describe('the history of a run', () => {
  it('is long from 20,000 events on and from 10 MiB on, and then to start anew; of events the server says when', () => {
    const is = (...of: Parameters<typeof historyOf>) => {
      const { history } = historyOf(...of);
      return [history.isLong, history.isToStartAnew];
    };
    expect(is()).toEqual([false, false]);
    expect(is({ historyLength: 19_999, historySize: 10 * MIB - 1 })).toEqual([false, false]);
    expect(is({ historyLength: 20_000 })).toEqual([true, false]);
    expect(is({ historySize: 10 * MIB })).toEqual([true, true]);
  });

  it('goes on as before for a run that was that large before there was such a limit', () => {
    const { history } = historyOf({ historySize: 10 * MIB }, false);
    history.hand(2 * MIB);
    expect([history.isLong, history.isFullForNow]).toEqual([false, false]);
  });

  it('takes 1 MiB in one workflow task', () => {
    const { info, history } = historyOf();
    history.hand(MIB - 1);
    expect(history.isFullForNow).toBe(false);
    history.hand(1);
    expect(history.isFullForNow).toBe(true);
    info.historyLength = 9;
    expect(history.isFullForNow).toBe(false);
    history.hand(MIB - 1);
    expect(history.isFullForNow).toBe(false);
  });
});
