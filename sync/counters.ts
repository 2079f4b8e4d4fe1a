/** What a worker counts of the work of its nodes, besides what their results tell at the end. */
export type Counters = {
  /** Bytes that were read of the source and taken by the target, as they move; what is sent again counts again. */
  bytesCopied(bytes: number): void;
  /** Files that were copied and verified, when their partition has ended. */
  filesCopied(files: number): void;
};
