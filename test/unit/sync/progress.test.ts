import { expect, it } from '@jest/globals';
import type { NodeProgress } from '../../../sync/outcome.ts';
import { nodeMeter } from '../../../sync/progress.ts';

it('what was in place already is progress, but nothing that was copied', () => {
  let told: NodeProgress | undefined;
  let copied = 0;
  const engine = {
    heartbeat: (progress?: NodeProgress) => {
      told = progress;
    },
    counters: {
      bytesCopied: (bytes: number) => {
        copied += bytes;
      },
      filesCopied: () => {},
    },
  };
  const node = { index: 1, round: 1, of: 2, manifest: '', partitions: 1, files: 3, bytes: 60 };
  const meter = nodeMeter(engine, node);
  meter.found(10);
  meter.fileDone(20);
  meter.chunk(30);
  expect([told?.bytes, copied]).toEqual([{ done: 60, total: 60 }, 30]);
});
