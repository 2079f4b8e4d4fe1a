import { describe, expect, it } from '@jest/globals';
import { FaultScript } from '../../../lab/fault-script.ts';

const isPut = (call: string) => call === 'PUT';

describe('which call meets which fault', () => {
  it('the first that matches, once, unless told otherwise', () => {
    const script = new FaultScript<string, string>();
    const injected = script.inject(isPut, 'cut');
    expect(['GET', 'PUT', 'PUT'].map((call) => script.faultFor(call))).toEqual([undefined, 'cut', undefined]);
    expect(injected.fired).toBe(1);
  });

  it('the nth, and so many right after it', () => {
    const script = new FaultScript<string, string>();
    const injected = script.inject(isPut, 'cut', { nth: 2, times: 2 });
    const calls = ['PUT', 'GET', 'PUT', 'PUT', 'PUT'];
    expect(calls.map((call) => script.faultFor(call))).toEqual([undefined, undefined, 'cut', 'cut', undefined]);
    expect(injected.fired).toBe(2);
  });

  it('the one that was put in first, where two are due; the other has counted the call too', () => {
    const script = new FaultScript<string, string>();
    const [first, second] = [script.inject(isPut, 'cut'), script.inject(() => true, 'slow', { nth: 2 })];
    expect(['PUT', 'PUT'].map((call) => script.faultFor(call))).toEqual(['cut', 'slow']);
    expect([first.fired, second.fired]).toEqual([1, 1]);
  });

  it('none that was taken out', () => {
    const script = new FaultScript<string, string>();
    const injected = script.inject(isPut, 'cut', { times: Number.POSITIVE_INFINITY });
    expect(script.faultFor('PUT')).toBe('cut');
    injected.remove();
    expect(script.faultFor('PUT')).toBeUndefined();
  });
});
