import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distribute, type Load, weightOf } from '../../../sync/nodes.ts';

type Named = Load & { readonly name: string };

const MIB = 2 ** 20;
const load = fc.oneof(
  fc.record({ files: fc.nat({ max: 5000 }), bytes: fc.nat({ max: 2 ** 40 }) }),
  fc.constant({ files: 0, bytes: 0 }),
);
const named = (loads: readonly Load[]): Named[] => loads.map((one, place) => ({ ...one, name: `p${place}` }));
const partitions = fc.array(load, { maxLength: 60 }).map(named);
const count = fc.integer({ min: 1, max: 20 });

function heaviest(nodes: readonly (readonly Load[])[]): number {
  return Math.max(0, ...nodes.map((node) => node.reduce((sum, one) => sum + weightOf(one), 0)));
}

/** The least heaviest node of all ways to give the loads to `nodes` nodes. */
function best(loads: readonly Load[], nodes: number): number {
  const weights = new Array<number>(nodes).fill(0);
  const give = (place: number): number => {
    const one = loads[place];
    if (one === undefined) return Math.max(...weights);
    let least = Number.POSITIVE_INFINITY;
    for (let node = 0; node < nodes; node += 1) {
      weights[node] = (weights[node] ?? 0) + weightOf(one);
      least = Math.min(least, give(place + 1));
      weights[node] = (weights[node] ?? 0) - weightOf(one);
    }
    return least;
  };
  return give(0);
}

describe('giving partitions to nodes', () => {
  it.each<[string, readonly Load[], number, readonly (readonly string[])[]]>([
    ['nothing', [], 4, []],
    ['one partition', [{ files: 1, bytes: 9 }], 4, [['p0']]],
    [
      'equal ones, one after the other',
      Array.from({ length: 4 }, () => ({ files: 1, bytes: 10 })),
      2,
      [
        ['p0', 'p2'],
        ['p1', 'p3'],
      ],
    ],
    [
      'a large one by itself',
      [
        { files: 1, bytes: 10 * MIB },
        { files: 1, bytes: 90 * MIB },
        { files: 1, bytes: 20 * MIB },
      ],
      2,
      [['p1'], ['p0', 'p2']],
    ],
    [
      'many small files count as the time they take',
      [
        { files: 1, bytes: 30 * MIB },
        { files: 100, bytes: 100 },
        { files: 1, bytes: 30 * MIB },
      ],
      2,
      [['p1'], ['p0', 'p2']],
    ],
    ['empty partitions too', Array.from({ length: 3 }, () => ({ files: 0, bytes: 0 })), 2, [['p0', 'p2'], ['p1']]],
  ])('%s', (_, loads, nodes, names) => {
    expect(distribute(named(loads), nodes).map((node) => node.map(({ name }) => name))).toEqual(names);
  });

  it('gives every partition to exactly one node, in the order they came in', () => {
    fc.assert(
      fc.property(partitions, count, (all, nodes) => {
        const given = distribute(all, nodes);
        expect(given.flat().sort((a, b) => all.indexOf(a) - all.indexOf(b))).toEqual(all);
        for (const node of given) {
          const places = node.map((one) => all.indexOf(one));
          expect(places).toEqual([...places].sort((a, b) => a - b));
        }
      }),
    );
  });

  it('makes no more nodes than asked for, nor than there are partitions, and none without a partition', () => {
    fc.assert(
      fc.property(partitions, count, (all, nodes) => {
        const given = distribute(all, nodes);
        expect(given).toHaveLength(Math.min(nodes, all.length));
        expect(given.every((node) => node.length > 0)).toBe(true);
      }),
    );
  });

  it('gives the same for the same', () => {
    fc.assert(
      fc.property(partitions, count, (all, nodes) => {
        expect(distribute(all, nodes)).toEqual(distribute(structuredClone(all), nodes));
      }),
    );
  });

  it('loads the heaviest node with at most 4/3 - 1/3m of what the best way would (Graham 1969)', () => {
    const few = fc.array(load, { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(few, fc.integer({ min: 1, max: 3 }), (all, nodes) => {
        const bound = (4 / 3 - 1 / (3 * nodes)) * best(all, nodes);
        expect(heaviest(distribute(all, nodes))).toBeLessThanOrEqual(bound * (1 + 1e-12));
      }),
    );
  });

  it('holds the event loop for a moment only, also for 40,000 partitions and the most nodes', () => {
    const many = Array.from({ length: 40_000 }, (_, place) => ({ files: place % 7, bytes: (place * 7919) % 1e9 }));
    distribute(many, 1000);
    const start = performance.now();
    const given = distribute(many, 1000);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(given.flat()).toHaveLength(40_000);
  });
});
