import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { onAbort } from '../../../storage/on-abort.ts';
import { untilAborted } from '../../../storage/until-aborted.ts';

describe('onAbort', () => {
  const warnings: Error[] = [];
  const remember = (warning: Error) => void warnings.push(warning);
  beforeEach(() => void process.on('warning', remember));
  afterEach(() => void process.off('warning', remember));

  it('serves a thousand streams of one signal without a warning of a leak', async () => {
    const abort = new AbortController();
    const heard: unknown[] = [];
    const stops = Array.from({ length: 1000 }, () => onAbort(abort.signal, (reason) => heard.push(reason)));
    for (const stop of stops.slice(1)) stop();
    await sleep(5);
    expect(warnings).toEqual([]);
    abort.abort('why');
    expect(heard).toEqual(['why']);
  });

  it('calls at once when the signal has aborted, and never without a signal', () => {
    const heard: unknown[] = [];
    onAbort(AbortSignal.abort('why'), (reason) => heard.push(reason))();
    onAbort(undefined, (reason) => heard.push(reason))();
    expect(heard).toEqual(['why']);
  });

  it('takes the same handler twice', () => {
    const abort = new AbortController();
    const heard: unknown[] = [];
    const handler = (reason: unknown) => heard.push(reason);
    const stop = onAbort(abort.signal, handler);
    onAbort(abort.signal, handler);
    stop();
    abort.abort('why');
    expect(heard).toEqual(['why']);
  });
});

describe('untilAborted', () => {
  async function* counting(log: string[]): AsyncGenerator<number> {
    try {
      for (let i = 0; ; i += 1) yield i;
    } finally {
      log.push('ended');
    }
  }

  it('passes what the source gives, its end and its error', async () => {
    const source = async function* () {
      yield 1;
      yield 2;
      throw new Error('broke');
    };
    const got: number[] = [];
    const reading = (async () => {
      for await (const item of untilAborted(source(), new AbortController().signal)) got.push(item);
    })();
    await expect(reading).rejects.toThrow('broke');
    expect(got).toEqual([1, 2]);
  });

  it('ends the source when its reader leaves', async () => {
    const log: string[] = [];
    for await (const item of untilAborted(counting(log), undefined)) if (item === 2) break;
    await sleep(1);
    expect(log).toEqual(['ended']);
  });

  it('rejects with the reason between two items, and ends the source', async () => {
    const log: string[] = [];
    const abort = new AbortController();
    const reading = (async () => {
      for await (const item of untilAborted(counting(log), abort.signal)) if (item === 2) abort.abort('why');
    })();
    await expect(reading).rejects.toBe('why');
    await sleep(1);
    expect(log).toEqual(['ended']);
  });

  it('rejects with the reason while the source is stuck', async () => {
    const abort = new AbortController();
    const stuck = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<number>>(() => {}) }) };
    const next = untilAborted(stuck, abort.signal).next();
    abort.abort('why');
    await expect(next).rejects.toBe('why');
  });
});
