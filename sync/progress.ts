import type { Engine } from './engine.ts';
import type { NodeProgress, NodeRef } from './outcome.ts';

/** Counts what a node has done and tells it with every beat. */
export type NodeMeter = {
  partitionDone(): void;
  /** A file is in place in the stage; when it was copied, its bytes were counted as they moved. */
  fileDone(reusedBytes: number): void;
  /** Bytes were copied. */
  chunk(bytes: number): void;
  /** Bytes need not be copied: they are in place already. */
  found(bytes: number): void;
  working(on: string): void;
  read(): NodeProgress;
};

export function nodeMeter({ heartbeat, counters }: Pick<Engine, 'heartbeat' | 'counters'>, node: NodeRef): NodeMeter {
  let partitions = 0;
  let files = 0;
  let bytes = 0;
  let current = '';
  const read = (): NodeProgress => ({
    index: node.index,
    of: node.of,
    partitions: { done: partitions, total: node.partitions },
    files: { done: files, total: node.files },
    bytes: { done: bytes, total: node.bytes },
    current,
  });
  const beat = () => heartbeat(read());
  return {
    partitionDone() {
      partitions += 1;
      beat();
    },
    fileDone(reusedBytes) {
      files += 1;
      bytes += reusedBytes;
      beat();
    },
    chunk(count) {
      bytes += count;
      counters?.bytesCopied(count);
      beat();
    },
    found(count) {
      bytes += count;
      beat();
    },
    working(on) {
      current = on;
      beat();
    },
    read,
  };
}
