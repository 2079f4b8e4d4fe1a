import { describe, expect, it } from '@jest/globals';
import { compare, median } from '../../../lab/bench/comparison.ts';
import { withSection } from '../../../lab/bench/performance-page.ts';

const ran = (seconds: number) => ({ seconds, cpuSeconds: seconds / 2, peakBytes: seconds * 1000 });

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
    [[], Number.NaN],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('compare', () => {
  it('takes medians for each contender, and ratios within each round', () => {
    // In the second round the whole machine is ten times slower; the ratio does not notice.
    const rounds = [
      { ferry: ran(2), peer: ran(6) },
      { ferry: ran(20), peer: ran(60) },
      { ferry: ran(3), peer: ran(12) },
    ];
    expect(compare(['ferry', 'peer'], rounds)).toEqual([
      { name: 'ferry', seconds: 3, cpuSeconds: 1.5, peakBytes: 3000, ratio: 1 },
      { name: 'peer', seconds: 12, cpuSeconds: 6, peakBytes: 12_000, ratio: 3 },
    ]);
  });
});

describe('the page of measurements', () => {
  const page = 'before\n<!-- bench: a -->\nold\n<!-- /bench -->\nbetween\n<!-- bench: b -->\n<!-- /bench -->\nafter\n';

  it('takes a text into its section, in place of what was there', () => {
    const first = withSection(page, 'a', '| new |\n');
    expect(first).toBe(page.replace('old', '| new |'));
    expect(withSection(first, 'b', 'x')).toBe(
      'before\n<!-- bench: a -->\n| new |\n<!-- /bench -->\nbetween\n<!-- bench: b -->\nx\n<!-- /bench -->\nafter\n',
    );
  });

  it('has to have the section', () => {
    expect(() => withSection(page, 'c', 'x')).toThrow('docs/performance.md has no place marked <!-- bench: c -->');
  });
});
