import { describe, expect, it } from '@jest/globals';
import { type Compared, comparePartition, type Finding, isDoubtful, whyDiverged } from '../../../sync/compare.ts';
import { type Listing, listingDigest } from '../../../sync/listing.ts';

/** A folder with these files, each as long as its name and made at `time`. */
function listing(names: readonly string[], time = 1): Listing {
  const files = names.map((path) => ({ path, length: path.length, modificationTime: time, blockSize: 1024 }));
  return {
    folderId: `folder-${time}`,
    files,
    bytes: files.reduce((sum, file) => sum + file.length, 0),
    digest: listingDigest(files),
  };
}

const NEW = listing(['f', 'g']);
const OLD = listing(['f'], 0);
const EMPTY = listing([]);
const HERE = 'hdfs://a:8020/sales.orders';

function compared(over: Partial<Compared>): Compared {
  return {
    source: NEW,
    live: OLD,
    registered: true,
    record: undefined,
    sources: [HERE, 'hdfs://a-alias/sales.orders'],
    landed: new Set(),
    overwrite: 'never',
    content: 'unknown',
    newest: Number.POSITIVE_INFINITY,
    ...over,
  };
}

function record(digest: string, source = HERE) {
  return { run: 'run-0', source, digest };
}

type Case = readonly [what: string, over: Partial<Compared>, finding: Finding, doubtful: boolean];

const CASES: readonly Case[] = [
  ['no folder at the target', { live: undefined }, 'new', false],
  ['nothing at the target, and a partition registered there', { live: undefined, registered: false }, 'new', false],
  ['no folder at the source', { source: undefined }, 'source-absent', false],
  ['no folder on either side', { source: undefined, live: undefined }, 'source-absent', false],
  ['no folder at the source, told to overwrite', { source: undefined, overwrite: 'diverged' }, 'source-absent', false],
  ['both the same, published by us', { live: NEW, record: record(NEW.digest) }, 'unchanged', false],
  ['both the same, no record', { live: NEW }, 'unchanged', false],
  ['both the same, by another source', { live: NEW, record: record(NEW.digest, 'x') }, 'unchanged', false],
  ['both the same, the record of an older version', { live: NEW, record: record(OLD.digest) }, 'unchanged', true],
  ['both the same, unknown to the catalog', { live: NEW, registered: false }, 'register', true],
  ['columns missing in the catalog, of others', { live: NEW, described: 'shorter' }, 'register', false],
  [
    'described otherwise in the catalog, published by us',
    { live: NEW, described: 'otherwise', record: record(NEW.digest) },
    'register',
    false,
  ],
  ['described otherwise in the catalog, by others', { live: NEW, described: 'otherwise' }, 'unchanged', false],
  [
    'described otherwise, the record of an older version',
    { live: NEW, described: 'otherwise', record: record(OLD.digest) },
    'unchanged',
    true,
  ],
  [
    'described otherwise, published from another source',
    { live: NEW, described: 'otherwise', record: record(NEW.digest, 'x') },
    'unchanged',
    false,
  ],
  ['both empty', { source: EMPTY, live: EMPTY }, 'unchanged', false],
  ['both empty, unknown to the catalog', { source: EMPTY, live: EMPTY, registered: false }, 'register', true],
  ['landed and never recorded', { live: NEW, landed: new Set([NEW.digest]) }, 'register', true],
  [
    'landed, and the record is of the version before',
    { live: NEW, landed: new Set([NEW.digest]), record: record(OLD.digest) },
    'register',
    true,
  ],
  ['landed and recorded', { live: NEW, landed: new Set([NEW.digest]), record: record(NEW.digest) }, 'unchanged', false],
  ['an older version of ours', { record: record(OLD.digest) }, 'changed', false],
  [
    'an older version of ours, by the source’s other prefix',
    { record: record(OLD.digest, 'hdfs://a-alias/sales.orders') },
    'changed',
    false,
  ],
  ['an older version that landed and was never recorded', { landed: new Set([OLD.digest]) }, 'changed', false],
  ['an empty folder without a record', { live: EMPTY }, 'changed', false],
  ['a folder that others emptied since', { live: EMPTY, record: record(OLD.digest) }, 'diverged', true],
  ['files of others', {}, 'diverged', true],
  ['files of others in a folder unknown to the catalog', { registered: false }, 'diverged', true],
  ['files changed since we published', { record: record(NEW.digest) }, 'diverged', true],
  ['files published from another source', { record: record(OLD.digest, 'hdfs://c/sales.orders') }, 'diverged', true],
  ['the landing of another version', { landed: new Set([NEW.digest]) }, 'diverged', true],
  ['an emptied source, files of others', { source: EMPTY }, 'diverged', true],
  ['files of others, told to overwrite', { overwrite: 'diverged' }, 'changed', false],
  [
    'files from another source, told to overwrite',
    { overwrite: 'diverged', record: record(OLD.digest, 'hdfs://c/sales.orders') },
    'changed',
    false,
  ],
];

describe('what the plan finds of a partition', () => {
  it.each(CASES)('%s', (_, over, finding) => {
    expect(comparePartition(compared(over))).toBe(finding);
  });

  it.each(CASES)('%s: whether the kept ledgers have a word in it', (_, over, __, doubtful) => {
    expect(isDoubtful(compared(over))).toBe(doubtful);
  });

  it('never takes what others wrote for ours, whatever the ledgers say of other digests', () => {
    const foreign = listing(['foreign'], 5);
    for (const digest of [NEW.digest, OLD.digest, EMPTY.digest]) {
      expect(comparePartition(compared({ live: foreign, landed: new Set([digest]), record: record(digest) }))).toBe(
        'diverged',
      );
    }
  });
});

describe('why a partition diverged', () => {
  it.each([
    ['no record', {}, 'it holds files that no run of hive-ferry published'],
    [
      'another source',
      { record: record(OLD.digest, 'hdfs://c/sales.orders') },
      'it was published from another source, hdfs://c/sales.orders',
    ],
    ['other files', { record: record(NEW.digest) }, 'its files changed since hive-ferry published it'],
  ])('%s', (_, over, why) => {
    expect(whyDiverged(compared(over))).toBe(why);
  });
});
