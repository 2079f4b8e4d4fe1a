import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BinaryWriter } from '../../../hive/metastore/binary-writer.ts';
import types from '../../../hive/metastore/gen/hive-metastore_types.js';

type Transport = { write(bytes: Buffer): void; flush(): void };
type Writer = { writeMessageBegin(name: string, type: number, seqid: number): void; writeMessageEnd(): void };
const thrift = createRequire(join(process.cwd(), 'package.json'))('thrift') as {
  TBufferedTransport: new (buffer: undefined, onFlush: (bytes: Buffer) => void) => Transport;
  TBinaryProtocol: new (transport: Transport) => Writer;
};

/** A message as a protocol writes it. */
function written(Protocol: new (transport: Transport) => Writer, body: (writer: Writer) => void): string {
  const chunks: Buffer[] = [];
  const transport = new thrift.TBufferedTransport(undefined, (bytes) => chunks.push(bytes));
  const writer = new Protocol(transport);
  writer.writeMessageBegin('a_method', 1, 77);
  body(writer);
  writer.writeMessageEnd();
  transport.flush();
  return Buffer.concat(chunks).toString('hex');
}

/** The generated classes write themselves; their declarations do not say so. */
function writeStruct(struct: unknown, writer: Writer): void {
  (struct as { write(writer: Writer): void }).write(writer);
}

describe('the writer of Thrift messages', () => {
  it('writes, byte for byte, what the one of the thrift package writes', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 3000, maxLength: 9000 }));
    const partition = fc.record({
      values: fc.array(text, { maxLength: 3 }),
      createTime: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      parameters: fc.dictionary(fc.string(), text, { maxKeys: 4, noNullPrototype: true }),
      writeId: fc
        .uint8Array({ minLength: 8, maxLength: 8 })
        .map((bytes) => ({ buffer: Buffer.from(bytes), offset: 0 })),
      isStatsCompliant: fc.boolean(),
      sd: fc.record({
        location: text,
        numBuckets: fc.integer({ min: -1, max: 9 }),
        compressed: fc.boolean(),
        sortCols: fc.array(fc.record({ col: text, order: fc.constantFrom(0, 1) }), { maxLength: 2 }),
      }),
    });
    fc.assert(
      fc.property(partition, (one) => {
        const body = (writer: Writer): void => writeStruct(new types.Partition(one as never), writer);
        expect(written(BinaryWriter as never, body)).toBe(written(thrift.TBinaryProtocol, body));
      }),
      { numRuns: 60 },
    );
  });

  it('hands nothing on of a message that cannot be written whole', () => {
    const body = (writer: Writer): void => writeStruct(new types.Table({ tableName: 5 } as never), writer);
    expect(() => written(BinaryWriter as never, body)).toThrow();
  });
});
