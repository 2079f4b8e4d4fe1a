import type { Partition } from '../hive/table.ts';
import { type Claimant, claimNode } from './claim.ts';
import type { PartitionStory } from './ledger.ts';
import { listFolder } from './listing.ts';
import type { PlannedPartition } from './plan.ts';
import type { Refresh } from './refresh.ts';
import { attemptFolder } from './run-folder.ts';
import { settleRename } from './settle-rename.ts';

/** Pruning works in attempts of its own, so that what it retires is found and closed like a node's. */
const PRUNE_NODE = 0;

/**
 * Drops the planned partitions: from the catalog first, then the folder is renamed into the run's retired versions, where
 * it can be brought back from. One whose files are not those of plan time stays, with its registration. Safe to repeat.
 */
export async function prunePartitions(
  run: Refresh,
  extras: readonly PlannedPartition[],
  stories: ReadonlyMap<string, PartitionStory>,
): Promise<number> {
  const { engine, target, spec, ledger } = run;
  const { signal } = engine;
  const of = { database: spec.target.database, table: spec.target.table };
  let pruned = 0;
  for (const stageRoot of new Set(extras.map((planned) => planned.stageRoot))) {
    const context = claimant(run, stageRoot);
    await claimNode(context);
    for (const planned of extras.filter((one) => one.stageRoot === stageRoot)) {
      engine.heartbeat();
      if (stories.get(planned.name)?.pruned) {
        pruned += 1;
        continue;
      }
      const live = await listFolder(target.files, planned.live, signal);
      if (live && (live.folderId !== planned.planned?.folderId || live.digest !== planned.planned.digest)) {
        const message = `${target.name}:${planned.live} is not what it was when this run was planned`;
        await ledger.write(planned.name, {
          event: 'failed',
          code: 'TARGET_CHANGED',
          message,
          filesCopied: 0,
          filesReused: 0,
          bytesCopied: 0,
        });
        continue;
      }
      const described = await describedNow(run, planned.name);
      if (described) {
        const { k, live: at } = planned;
        const version = live && { plannedId: live.folderId, plannedDigest: live.digest };
        await ledger.write(planned.name, { event: 'pruning', k, live: at, described, ...version });
      }
      await target.catalog.apply({ kind: 'drop-partitions', of, names: [planned.name] }, { signal });
      if (live) {
        const slot = context.folder.retiredSlot(planned.k, live.folderId);
        const settled = await settleRename(target.files, live.folderId, planned.live, slot, signal);
        if (settled.moved === 'no')
          engine.log.warn('a pruned folder stays where it was', { partition: planned.name, message: settled.reason });
      }
      await ledger.write(planned.name, { event: 'pruned' });
      pruned += 1;
    }
  }
  return pruned;
}

/** What the catalog has of the partition; undefined: it was dropped already, and an earlier attempt wrote down what it had. */
async function describedNow({ target, spec, engine }: Refresh, name: string): Promise<Partition | undefined> {
  const of = { database: spec.target.database, table: spec.target.table };
  for await (const [partition] of target.catalog.partitions(of, [name], { signal: engine.signal })) return partition;
  return undefined;
}

function claimant({ engine, spec, target }: Refresh, stageRoot: string): Claimant {
  let serial = 0;
  return {
    engine,
    spec,
    target,
    node: { index: PRUNE_NODE },
    serial: () => {
      serial += 1;
      return serial;
    },
    folder: attemptFolder(stageRoot, spec.runKey, PRUNE_NODE, engine.uuid()),
  };
}
