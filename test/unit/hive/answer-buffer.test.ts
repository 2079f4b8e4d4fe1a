import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AnswerBuffer } from '../../../hive/metastore/answer-buffer.ts';
import { answer, stringList } from './thrift-answer.ts';

describe('Thrift messages on the wire', () => {
  it('are cut out whole, however the bytes arrive', () => {
    const message = fc.array(fc.tuple(fc.string(), fc.integer({ min: -5, max: 5 })), { maxLength: 8 }).map((pairs) =>
      answer('get_all_tables', 7, (output) => {
        stringList(
          output,
          pairs.map(([text]) => text),
        );
        output.writeFieldBegin?.('m', 13, 1);
        output.writeMapBegin?.(11, 15, pairs.length);
        for (const [text, number] of pairs) {
          output.writeString?.(text);
          output.writeListBegin?.(8, 2);
          output.writeI32?.(number);
          output.writeI32?.(number);
        }
        output.writeFieldBegin?.('s', 12, 2);
        output.writeFieldBegin?.('flag', 2, 1);
        output.writeBool?.(true);
        output.writeFieldBegin?.('ratio', 4, 2);
        output.writeDouble?.(0.5);
        output.writeFieldStop?.();
      }),
    );
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(40), { maxLength: 60 }),
        (messages, cuts) => {
          const buffer = new AnswerBuffer(1_000_000);
          const all = Buffer.concat(messages);
          const out: Buffer[] = [];
          for (let at = 0, i = 0; at < all.length; i += 1) {
            const size = 1 + (cuts[i] ?? 1000);
            buffer.push(all.subarray(at, at + size));
            at += size;
            for (let one = buffer.take(); one !== undefined; one = buffer.take()) out.push(one);
          }
          expect(out.map((one) => one.toString('hex'))).toEqual(messages.map((one) => one.toString('hex')));
        },
      ),
    );
  });
});
