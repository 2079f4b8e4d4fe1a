import type { Compared } from './compare.ts';
import { compareChecksums } from './compare-checksums.ts';
import type { Contents } from './listing.ts';
import type { Candidate, Sides } from './pair-partitions.ts';

/** What both clusters' checksums say of two folders whose files are equal in path and length; no others are asked. */
export async function compareContent(
  { reader, source, target }: Pick<Sides, 'reader' | 'source' | 'target'>,
  candidate: Pick<Candidate, 'from' | 'live'>,
  from: Contents | undefined,
  live: Contents | undefined,
): Promise<Compared['content']> {
  if (from === undefined || live === undefined || from.files.length !== live.files.length) return 'unknown';
  const alike = from.files.every((file, place) => {
    const twin = live.files[place];
    return twin?.path === file.path && twin.length === file.length;
  });
  if (!alike) return 'unknown';
  let content: Compared['content'] = 'same';
  for (const { path } of from.files) {
    reader.heartbeat();
    const verdict = await compareChecksums(
      reader,
      source,
      target,
      `${candidate.from}/${path}`,
      `${candidate.live}/${path}`,
    );
    if (verdict === 'different') return 'different';
    if (verdict === 'incomparable') content = 'unknown';
  }
  return content;
}
