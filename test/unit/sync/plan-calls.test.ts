import { describe, expect, it } from '@jest/globals';
import type { PlannedPartition } from '../../../sync/plan.ts';
import { plannedCalls } from '../../../sync/plan-calls.ts';
import { partition, planOf, spec } from '../cli/sample-plan.ts';

const of = (partitions: readonly PlannedPartition[], over: Partial<typeof spec> = {}) =>
  plannedCalls({ ...planOf(partitions), spec: { ...spec, ...over } });
const standing = (one: PlannedPartition): PlannedPartition => ({ ...one, planned: { folderId: '1', digest: 'd' } });
const news = (count: number, files = 3) =>
  Array.from({ length: count }, (_, day) => ({ ...partition(`dt=${day}`, 'new'), files }));

describe('the namenode calls of a plan', () => {
  it('total is the sum of its kinds, on either side', () => {
    const calls = of(news(7));
    for (const side of [calls.source, calls.target])
      expect(side.total).toBe(Object.values(side.of).reduce((sum, count) => sum + count, 0));
  });

  it('of a partition without a change: one look at either side', () => {
    const none = of([]);
    const one = of([standing(partition('dt=1', 'unchanged'))]);
    expect(one.source.of).toEqual({ status: 1, list: 1 });
    expect(one.target.total - none.target.total).toBe(2);
  });

  it('grow with each file by what a file is asked: read, written, checked, timed, moved', () => {
    const [few, more] = [of(news(1, 10)), of(news(1, 110))];
    expect(more.source.total - few.source.total).toBe(300);
    expect((more.target.of.create ?? 0) - (few.target.of.create ?? 0)).toBe(100);
    expect((more.target.of.times ?? 0) - (few.target.of.times ?? 0)).toBe(100);
    expect(more.target.total - few.target.total).toBe(400);
  });

  it('are more for a version that is replaced, and for one that is relocated', () => {
    const fresh = of(news(1)).target.total;
    expect(of([standing({ ...partition('dt=0', 'changed') })]).target.total).toBeGreaterThan(fresh);
    expect(of([{ ...partition('dt=0', 'new'), to: '/b-versions/k/dt=0' }]).target.total).toBeGreaterThan(fresh);
  });

  it('follow the way a file is verified', () => {
    const [sum, stream, length] = (['checksum', 'stream', 'length'] as const).map((verify) => of(news(10), { verify }));
    expect(sum?.target.of.checksum).toBe(30);
    expect(stream?.target.of.checksum).toBeUndefined();
    expect((stream?.target.of.open ?? 0) - (sum?.target.of.open ?? 0)).toBe(30);
    expect((length?.target.of.status ?? 0) - (sum?.target.of.status ?? 0)).toBe(30);
    expect(length?.target.total).toBe(sum?.target.total);
  });

  it('count each piece of a long file, and each page of a long listing', () => {
    const long = { ...partition('dt=1', 'new'), files: 1, bytes: 10 * spec.chunkBytes };
    const short = { ...long, bytes: 1 };
    expect((of([long]).target.of.create ?? 0) - (of([short]).target.of.create ?? 0)).toBe(10);
    const pages = of(news(1, 2500)).source.of.list ?? 0;
    expect(pages - (of(news(1, 1)).source.of.list ?? 0)).toBe(10);
  });
});
