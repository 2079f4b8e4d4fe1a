import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../../dag/spec.ts';
import { jsonBytes, listBytes, MAX_HANDED_BYTES, tooMuchHanded } from '../../../workflows/dag-xcoms.ts';

describe('the size of XComs', () => {
  it('is that of their JSON in UTF-8, of a list from those of its items', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue())), (items) => {
        const list = items as Json[];
        const bytes = Buffer.byteLength(JSON.stringify(list));
        expect(jsonBytes(list)).toBe(bytes);
        expect(listBytes(list.map(jsonBytes))).toBe(bytes);
      }),
    );
    expect(jsonBytes('aé€😀')).toBe(2 + 1 + 2 + 3 + 4);
  });

  it('is limited for all that one task is handed: it is told which are the largest, and what to do', () => {
    expect(tooMuchHanded([])).toBeUndefined();
    expect(tooMuchHanded([{ taskId: 'a', bytes: MAX_HANDED_BYTES }])).toBeUndefined();
    const sizes = Array.from({ length: 12 }, (_, each) => ({ taskId: `t${each}`, bytes: 30_000 + each }));
    const text = tooMuchHanded(sizes);
    expect(text).toContain('are 360066 bytes of JSON, and at most 262144 are allowed (t11: 30011, t10: 30010, ');
    expect(text).toContain('t2: 30002 and 2 more)');
    expect(text).toContain('return less, or the path of a file');
  });
});
