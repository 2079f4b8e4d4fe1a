import { expect, it } from '@jest/globals';
import { defaultPayloadConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import { decodedMemo } from '../../../cli/decoded.ts';

const MARK = new TextEncoder().encode('binary/reversed');

/** A codec that tells its own payloads by their encoding, and refuses others. */
const reversing: PayloadCodec = {
  encode: async (payloads) =>
    payloads.map(({ metadata, data }) => ({
      metadata: { ...metadata, inner: metadata?.encoding ?? MARK, encoding: MARK },
      data: data?.toReversed() ?? null,
    })),
  decode: async (payloads) =>
    payloads.map(({ metadata, data }) => {
      if (metadata?.encoding?.toString() !== MARK.toString()) throw new Error('this was not reversed');
      return { metadata: { encoding: metadata.inner ?? MARK }, data: data?.toReversed() ?? null };
    }),
};

it('a memo is read as far as it was written with the codec that is here', async () => {
  const plain = defaultPayloadConverter.toPayload({ table: 'sales.orders' });
  const [reversed] = await reversing.encode([plain]);
  const memo = { plain, reversed: reversed as Payload };
  expect(await decodedMemo(memo, [])).toEqual({ plain: { table: 'sales.orders' } });
  expect(await decodedMemo(memo, [reversing])).toEqual({ reversed: { table: 'sales.orders' } });
});
