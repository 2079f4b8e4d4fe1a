import type { TTransport } from 'thrift';

const VERSION_1 = 0x80010000;
/**
 * The writing half of Thrift's binary protocol, as the generated client calls it. The one of the thrift package makes a
 * buffer of every byte and number, so that a batch of wide partitions keeps the event loop for seconds; this one fills
 * one that grows. A client makes one for each message.
 */
export class BinaryWriter {
  readonly #transport: TTransport;
  #bytes = Buffer.allocUnsafe(4096);
  #end = 0;

  constructor(transport: TTransport) {
    this.#transport = transport;
  }

  writeMessageBegin(name: string, type: number, seqid: number): void {
    this.#end = 0;
    this.writeI32(VERSION_1 | type);
    this.writeString(name);
    this.writeI32(seqid);
  }

  writeFieldBegin(_name: string, type: number, id: number): void {
    this.#reserve(3);
    this.#bytes[this.#end] = type;
    this.#bytes.writeInt16BE(id, this.#end + 1);
    this.#end += 3;
  }

  writeMapBegin(key: number, value: number, size: number): void {
    this.writeByte(key);
    this.writeByte(value);
    this.writeI32(size);
  }

  writeListBegin(element: number, size: number): void {
    this.writeByte(element);
    this.writeI32(size);
  }

  writeSetBegin(element: number, size: number): void {
    this.writeListBegin(element, size);
  }

  writeFieldStop(): void {
    this.writeByte(0);
  }

  writeBool(value: boolean): void {
    this.writeByte(value ? 1 : 0);
  }

  writeByte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#end] = value & 0xff;
    this.#end += 1;
  }

  writeI16(value: number): void {
    this.#reserve(2);
    this.#end = this.#bytes.writeInt16BE(value, this.#end);
  }

  writeI32(value: number): void {
    this.#reserve(4);
    this.#end = this.#bytes.writeInt32BE(value, this.#end);
  }

  writeI64(value: number | { readonly buffer: Buffer; readonly offset: number }): void {
    this.#reserve(8);
    if (typeof value === 'number') this.#end = this.#bytes.writeBigInt64BE(BigInt(value), this.#end);
    else this.#end += value.buffer.copy(this.#bytes, this.#end, value.offset, value.offset + 8);
  }

  writeDouble(value: number): void {
    this.#reserve(8);
    this.#end = this.#bytes.writeDoubleBE(value, this.#end);
  }

  writeString(value: string | Buffer): void {
    if (typeof value !== 'string') {
      this.writeBinary(value);
      return;
    }
    // UTF-8 takes at most three bytes for each UTF-16 unit.
    this.#reserve(4 + 3 * value.length);
    const length = this.#bytes.write(value, this.#end + 4, 'utf8');
    this.#bytes.writeInt32BE(length, this.#end);
    this.#end += 4 + length;
  }

  writeBinary(value: Buffer | string): void {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
    this.#reserve(4 + bytes.length);
    this.#bytes.writeInt32BE(bytes.length, this.#end);
    this.#end += 4 + bytes.copy(this.#bytes, this.#end + 4);
  }

  /** The whole message goes to the transport at once; a half one, of a value that cannot be written, never does. */
  writeMessageEnd(): void {
    this.#transport.write(this.#bytes.subarray(0, this.#end));
  }

  // What only marks structure in other protocols.
  writeStructBegin(): void {}
  writeStructEnd(): void {}
  writeFieldEnd(): void {}
  writeMapEnd(): void {}
  writeListEnd(): void {}
  writeSetEnd(): void {}

  #reserve(count: number): void {
    if (this.#end + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#end + count));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}
