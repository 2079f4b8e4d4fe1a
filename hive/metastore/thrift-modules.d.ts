/** The parts of the untyped packages `thrift` and `node-int64` that the metastore connection and its generated client use. */
declare module 'thrift' {
  export interface TTransport {
    write(bytes: Buffer): void;
    flush(): void;
  }
  export interface TProtocol {
    readMessageBegin(): { fname: string; mtype: number; rseqid: number };
  }
  type Receiver = (transport: TTransport, seqid: number) => void;
  export const TBufferedTransport: {
    new (buffer: undefined, onFlush: (message: Buffer) => void): TTransport;
    receiver(callback: Receiver, seqid: number): (data: Buffer) => void;
  };
  export const TBinaryProtocol: new (transport: TTransport) => TProtocol;
  export namespace Thrift {
    class TException extends Error {}
  }
}

declare module 'node-int64' {
  class Int64 {
    readonly buffer: Buffer;
    readonly offset: number;
  }
  export = Int64;
}
