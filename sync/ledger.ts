import type { Code } from '../errors/codes.ts';
import type { Partition } from '../hive/table.ts';
import type { FileSystem } from '../storage/file-system.ts';
import { readControlFile, type Writing, writeControlFile } from './control-file.ts';

export type VerificationLevel = 'checksum' | 'stream' | 'length';

/** One line of a ledger: something that a node is about to do to a partition, or did. */
export type LedgerEntry = {
  readonly at: string;
  readonly node: number;
  readonly round: number;
  readonly attempt: string;
  readonly partition: string;
} & LedgerEvent;

export type LedgerEvent =
  /**
   * About to move live folders: written before the first move. `stagedId` is the identity of the folder that will land,
   * `digest` its listing; `plannedId` and `plannedDigest` are those of the version that it replaces.
   */
  | ({
      readonly event: 'publishing';
      readonly k: string;
      readonly to: string;
      readonly stagedId: string;
      readonly plannedId?: string;
      readonly plannedDigest?: string;
      readonly digest: string;
    } & CopyCounts)
  /** The landing answered (or was found to have happened). `digest` is the listing that landed. */
  | ({ readonly event: 'landed'; readonly digest: string; readonly to: string } & CopyCounts)
  /** The target already listed equal to the source by other hands. */
  | ({ readonly event: 'present'; readonly digest: string } & CopyCounts)
  | ({ readonly event: 'failed'; readonly code: Code; readonly message: string } & CopyCounts)
  /**
   * About to be dropped from the catalog: written before that. `described` is what the catalog had of it, so that it can be
   * registered again; `plannedId` and `plannedDigest` are its folder's, left out when there is none.
   */
  | {
      readonly event: 'pruning';
      readonly k: string;
      readonly live: string;
      readonly described: Partition;
      readonly plannedId?: string;
      readonly plannedDigest?: string;
    }
  /** Dropped from the catalog, its folder retired. */
  | { readonly event: 'pruned' }
  /** The catalog was read back: it shows the partition where it landed, or it does not. */
  | { readonly event: 'registered' }
  | { readonly event: 'unregistered'; readonly message: string };

/** What one attempt has done for a partition until now; its later entries count in place of its earlier ones. `reused` files were staged and verified by an earlier attempt. */
export type CopyCounts = {
  readonly filesCopied: number;
  readonly filesReused: number;
  readonly bytesCopied: number;
  /** The weakest level at which a file of the partition was verified. */
  readonly verified?: VerificationLevel;
  /** Attributes of the folder that stood there which the cluster would not set on the new one: 'owner hive'. */
  readonly notHandedOn?: readonly string[];
  /** Files and folders whose attributes were mended in place (attributes: "source"). */
  readonly attributesSet?: number;
};

export type Ledger = {
  /** Returns when the entry lies on the target, whole. Entries that come in meanwhile share the next part. */
  write(partition: string, event: LedgerEvent): Promise<void>;
};

type Identity = { readonly node: number; readonly round: number; readonly attempt: string };

/**
 * The ledger of one attempt: numbered parts, each written once and never changed, so that a crash leaves whole parts
 * only. Safe beside other attempts, whose parts carry other names.
 */
export function openLedger(
  files: FileSystem,
  folder: string,
  identity: Identity,
  now: () => Date,
  writing: Writing,
): Ledger {
  type Pending = { line: string; resolve: () => void; reject: (error: unknown) => void };
  let pending: Pending[] = [];
  let flushing = false;
  let part = 0;

  const flush = async () => {
    flushing = true;
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      part += 1;
      const path = `${folder}/${identity.node}-${identity.attempt}-${String(part).padStart(6, '0')}.jsonl`;
      try {
        await writeControlFile(files, path, Buffer.from(batch.map((entry) => `${entry.line}\n`).join('')), writing);
        for (const entry of batch) entry.resolve();
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
    }
    flushing = false;
  };

  return {
    write(partition, event) {
      const entry: LedgerEntry = { at: now().toISOString(), ...identity, partition, ...event };
      return new Promise((resolve, reject) => {
        pending.push({ line: JSON.stringify(entry), resolve, reject });
        if (!flushing) void flush();
      });
    },
  };
}

/** All whole parts of a run's ledger, or only those of one node, in no promised order; none: an empty list. */
export async function readLedger(
  files: FileSystem,
  folder: string,
  signal: AbortSignal,
  node?: number,
): Promise<readonly LedgerEntry[]> {
  const pages = await files.list(folder, { signal });
  if (pages === undefined) return [];
  const entries: LedgerEntry[] = [];
  for await (const page of pages) {
    for (const part of page) {
      if (part.kind !== 'file' || part.name.startsWith('.') || !part.name.endsWith('.jsonl')) continue;
      if (node !== undefined && !part.name.startsWith(`${node}-`)) continue;
      const bytes = await readControlFile(files, `${folder}/${part.name}`, signal);
      for (const line of (bytes?.toString('utf8') ?? '').split('\n')) {
        if (line !== '') entries.push(JSON.parse(line) as LedgerEntry);
      }
    }
  }
  return entries;
}

/** What a run's ledger says of one partition, all parts folded. */
export type PartitionStory = {
  readonly partition: string;
  readonly landed?: Extract<LedgerEntry, { event: 'landed' }>;
  readonly present?: Extract<LedgerEntry, { event: 'present' }>;
  /** The last failure of the last round that tried it; absent when it landed or was present. */
  readonly failed?: Extract<LedgerEntry, { event: 'failed' }>;
  readonly pruning?: Extract<LedgerEntry, { event: 'pruning' }>;
  readonly pruned?: Extract<LedgerEntry, { event: 'pruned' }>;
  /** When the catalog was last read back and showed it where it landed. */
  readonly registered?: Extract<LedgerEntry, { event: 'registered' }>;
  /** What the catalog did not show when it was last read back. */
  readonly unregistered?: string;
  readonly publishing: readonly Extract<LedgerEntry, { event: 'publishing' }>[];
  readonly filesCopied: number;
  readonly filesReused: number;
  readonly bytesCopied: number;
};

/**
 * Folds ledger entries by partition. A landing outweighs everything; of two failures the later round's, then the later
 * one, counts. Counts are summed over attempts, each by its last word: one that was killed after it announced a landing
 * has told them then.
 */
export function foldLedger(entries: readonly LedgerEntry[]): ReadonlyMap<string, PartitionStory> {
  const stories = new Map<string, PartitionStory>();
  const inOrder = [...entries].sort((a, b) => a.round - b.round || order(a.at, b.at) || order(a.attempt, b.attempt));
  const told = new Map<string, CopyCounts>();
  for (const entry of inOrder) {
    const before = stories.get(entry.partition) ?? NOTHING_YET;
    const story = foldEntry({ ...before, partition: entry.partition }, entry);
    if (!('filesCopied' in entry)) {
      stories.set(entry.partition, story);
      continue;
    }
    const attempt = JSON.stringify([entry.partition, entry.attempt]);
    const earlier = told.get(attempt) ?? NOTHING_YET;
    told.set(attempt, entry);
    stories.set(entry.partition, {
      ...story,
      filesCopied: story.filesCopied + entry.filesCopied - earlier.filesCopied,
      filesReused: story.filesReused + entry.filesReused - earlier.filesReused,
      bytesCopied: story.bytesCopied + entry.bytesCopied - earlier.bytesCopied,
    });
  }
  return stories;
}

/** Within one millisecond the attempts' names decide, so that the order in which parts are read does not. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const NOTHING_YET: PartitionStory = { partition: '', publishing: [], filesCopied: 0, filesReused: 0, bytesCopied: 0 };

function foldEntry(story: PartitionStory, entry: LedgerEntry): PartitionStory {
  if (entry.event === 'publishing') return { ...story, publishing: [...story.publishing, entry] };
  if (entry.event === 'pruning') return { ...story, pruning: entry };
  if (entry.event === 'pruned') {
    const { failed: _, ...rest } = story;
    return { ...rest, pruned: entry };
  }
  if (entry.event === 'unregistered') return { ...story, unregistered: entry.message };
  if (entry.event === 'registered') {
    const { unregistered: _, ...known } = story;
    return { ...known, registered: entry };
  }
  const settled = story.landed !== undefined || story.present !== undefined;
  if (entry.event === 'failed') return settled ? story : { ...story, failed: entry };
  const { failed: _, ...rest } = story;
  return entry.event === 'landed' ? { ...rest, landed: story.landed ?? entry } : { ...rest, present: entry };
}
