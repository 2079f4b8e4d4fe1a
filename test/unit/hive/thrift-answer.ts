import { createRequire } from 'node:module';
import { join } from 'node:path';

export type Writer = { flush(): void } & Record<string, (...args: unknown[]) => void>;
const thrift = createRequire(join(process.cwd(), 'package.json'))('thrift') as {
  TBufferedTransport: new (buffer: undefined, onFlush: (bytes: Buffer) => void) => Writer;
  TBinaryProtocol: new (transport: Writer) => Writer;
};

/** The bytes of an answer to `method`, its success field written by `write`. */
export function answer(method: string, seqid: number, write: (output: Writer) => void): Buffer {
  const parts: Buffer[] = [];
  const transport = new thrift.TBufferedTransport(undefined, (bytes) => parts.push(bytes));
  const output = new thrift.TBinaryProtocol(transport);
  output.writeMessageBegin?.(method, 2, seqid);
  write(output);
  output.writeFieldStop?.();
  output.writeMessageEnd?.();
  transport.flush();
  return Buffer.concat(parts);
}
export function stringList(output: Writer, items: readonly string[]): void {
  output.writeFieldBegin?.('success', 15, 0);
  output.writeListBegin?.(11, items.length);
  for (const item of items) output.writeString?.(item);
}
