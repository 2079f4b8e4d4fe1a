import type { Reader } from './engine.ts';
import type { NodeProgress, NodeRef } from './outcome.ts';

/** Counts what a node has done and tells it with every beat. */
export type NodeMeter = {
  partitionDone(): void;
  /** A file is in place in the stage: `bytes` of it counted already by chunk() when it was copied. */
  fileDone(reusedBytes: number): void;
  chunk(bytes: number): void;
  working(on: string): void;
  read(): NodeProgress;
};

export function nodeMeter(reader: Pick<Reader, 'heartbeat'>, node: NodeRef): NodeMeter {
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
  const beat = () => reader.heartbeat(read());
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
      beat();
    },
    working(on) {
      current = on;
      beat();
    },
    read,
  };
}
