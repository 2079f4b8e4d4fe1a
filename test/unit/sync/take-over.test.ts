import { describe, expect, it } from '@jest/globals';
import { mayTakeOver } from '../../../sync/take-over.ts';

describe('what a closed run had verified is taken over', () => {
  it.each([
    ['when it was verified in the same way', 'checksum', 'checksum', true],
    ['when it was verified by more than its length', 'checksum', 'length', true],
    ['not when only its length was verified', 'length', 'checksum', false],
    ['not when it is to be read back and was not', 'checksum', 'stream', false],
    ['not when its plan does not tell how', undefined, 'length', false],
  ] as const)('%s', (_, theirs, mine, may) => {
    const closed = { spec: { runKey: 'r', workflowId: 'w', retainMs: 0, ...(theirs && { verify: theirs }) } };
    const taker = { compare: 'mtime', verify: mine } as const;
    expect(mayTakeOver(taker, ['a/sales.orders'], { source: 'a/sales.orders' }, closed)).toBe(may);
    expect(mayTakeOver(taker, ['a/sales.orders'], { source: 'c/sales.orders' }, closed)).toBe(false);
    expect(
      mayTakeOver({ ...taker, compare: 'content' }, ['a/sales.orders'], { source: 'a/sales.orders' }, closed),
    ).toBe(false);
  });
});
