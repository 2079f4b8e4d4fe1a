import { FerryError } from '../../errors/ferry-error.ts';

/** Thrift's binary protocol (thrift-binary-protocol.md): sizes of values of fixed size, by type. */
const FIXED: Readonly<Record<number, number>> = { 2: 1, 3: 1, 4: 8, 6: 2, 8: 4, 10: 8 };
const [STRING, STRUCT, MAP, SET, LIST] = [11, 12, 13, 14, 15] as const;
const VERSION_1 = 0x8001;
const REPLY = 2;
const EXCEPTION = 3;
const LONGEST_METHOD = 256;
const DEEPEST = 64;

/** A struct being read, or the elements of a list, set or map that are still to come. */
type Frame = { readonly types: readonly number[]; left: number } | 'struct';

/**
 * Collects the bytes of a connection and cuts them into whole messages. Thrift's unframed messages bear no length, so
 * the structure is followed, each byte once; the generated client parses only what is whole. Bytes that are no answer
 * and answers over the cap throw BAD_ANSWER.
 */
export class AnswerBuffer {
  readonly #maxBytes: number;
  #bytes = Buffer.allocUnsafe(16 * 1024);
  #end = 0;
  /** Up to here the message is followed; may lie beyond #end, inside a string that is still coming. */
  #at = 0;
  #stack: Frame[] | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): void {
    if (this.#end + chunk.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#end + chunk.length));
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    this.#end += chunk.copy(this.#bytes, this.#end);
  }

  /** The next whole message, or undefined while it is still coming. */
  take(): Buffer | undefined {
    if (!this.#follow() || this.#at > this.#end) return undefined;
    const message = Buffer.from(this.#bytes.subarray(0, this.#at));
    this.#bytes.copyWithin(0, this.#at, this.#end);
    this.#end -= this.#at;
    this.#at = 0;
    this.#stack = undefined;
    return message;
  }

  /** True once the structure is followed to its end. */
  #follow(): boolean {
    if (this.#stack === undefined && !this.#header()) return false;
    const stack = this.#stack ?? [];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (top === 'struct') {
        if (!this.#has(1)) return false;
        const type = this.#bytes.readUInt8(this.#at);
        if (type === 0) {
          this.#at += 1;
          stack.pop();
        } else if (!this.#value(type, 3, stack)) return false;
      } else if (top.left === 0) stack.pop();
      else {
        const { types, left } = top;
        if (!this.#value(types[left % types.length] ?? 0, 0, stack)) return false;
        top.left -= 1;
      }
    }
    return true;
  }

  /** Version and type, name and sequence number. */
  #header(): boolean {
    if (!this.#has(8)) return false;
    const kind = this.#bytes.readUInt8(this.#at + 3);
    const name = this.#bytes.readInt32BE(this.#at + 4);
    const known = this.#bytes.readUInt16BE(this.#at) === VERSION_1 && (kind === REPLY || kind === EXCEPTION);
    if (!known || name < 0 || name > LONGEST_METHOD) throw bad('the bytes are no Thrift answer');
    this.#at += 8 + name + 4;
    this.#stack = ['struct'];
    return true;
  }

  /** Goes past a value that starts `skip` bytes on, or into it; false, with nothing moved, while its size is still to come. */
  #value(type: number, skip: number, stack: Frame[]): boolean {
    const fixed = FIXED[type];
    if (fixed !== undefined) return this.#advance(skip + fixed);
    if (type === STRUCT) {
      stack.push('struct');
      if (stack.length > DEEPEST) throw bad('the answer is nested too deeply');
      return this.#advance(skip);
    }
    if (type === STRING) {
      if (!this.#has(skip + 4)) return false;
      return this.#advance(skip + 4 + this.#size(skip));
    }
    if (type === LIST || type === SET) {
      if (!this.#has(skip + 5)) return false;
      stack.push({ types: [this.#bytes.readUInt8(this.#at + skip)], left: this.#size(skip + 1) });
      return this.#advance(skip + 5);
    }
    if (type === MAP) {
      if (!this.#has(skip + 6)) return false;
      const [key, value] = [this.#bytes.readUInt8(this.#at + skip), this.#bytes.readUInt8(this.#at + skip + 1)];
      stack.push({ types: [key, value], left: 2 * this.#size(skip + 2) });
      return this.#advance(skip + 6);
    }
    throw bad(`the answer holds a value of unknown type ${type}`);
  }

  #size(skip: number): number {
    const size = this.#bytes.readInt32BE(this.#at + skip);
    if (size < 0 || size > this.#maxBytes) throw bad(`the answer holds a value of size ${size}`);
    return size;
  }

  #has(count: number): boolean {
    return this.#at + count <= this.#end;
  }

  #advance(count: number): true {
    this.#at += count;
    if (this.#at > this.#maxBytes) throw bad(`the answer is larger than ${this.#maxBytes} bytes`);
    return true;
  }
}

function bad(why: string): FerryError {
  return new FerryError('BAD_ANSWER', why);
}
