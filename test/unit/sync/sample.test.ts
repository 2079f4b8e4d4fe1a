import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sampleOf } from '../../../sync/sample.ts';

const names = fc.uniqueArray(fc.string(), { maxLength: 60 });
const percent = fc.double({ min: 0.1, max: 100, noNaN: true });

describe('a sample of names', () => {
  it('is a share of them, the same in any order, and part of a larger share', () => {
    fc.assert(
      fc.property(names, percent, percent, (all, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        const sample = sampleOf(all, less);
        expect(sample.size).toBe(Math.ceil((all.length * less) / 100));
        expect([...sample].every((name) => all.includes(name))).toBe(true);
        expect([...sampleOf([...all].reverse(), less)].sort()).toEqual([...sample].sort());
        const larger = sampleOf(all, more);
        expect([...sample].every((name) => larger.has(name))).toBe(true);
      }),
    );
  });

  it('of 100% is all, of one name is that one', () => {
    expect(sampleOf(['a', 'b', 'c'], 100).size).toBe(3);
    expect([...sampleOf(['a'], 0.1)]).toEqual(['a']);
    expect(sampleOf([], 50).size).toBe(0);
  });

  it('is spread over names that come in order', () => {
    const days = Array.from({ length: 1000 }, (_, day) => `dt=${String(day).padStart(4, '0')}`);
    const half = [...sampleOf(days, 10)].filter((name) => name < 'dt=0500').length;
    expect(half).toBeGreaterThan(30);
    expect(half).toBeLessThan(70);
  });
});
