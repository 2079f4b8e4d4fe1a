import { createHash } from 'node:crypto';
import { FerryError } from '../errors/ferry-error.ts';
import type { Checksum, FileSystem } from '../storage/file-system.ts';
import type { VerificationLevel } from './ledger.ts';
import { metered } from './metered.ts';
import type { AttemptContext } from './node-context.ts';
import { whileBeating } from './while-beating.ts';

/** A source file, or a piece of one, and the path of what was made of it. */
export type Copy = { readonly from: string; readonly part: string; readonly length: number };

/** Throws LENGTH_MISMATCH unless a copy has as many bytes as it should. */
export async function assertLength(context: AttemptContext, { from, part, length }: Copy): Promise<void> {
  const { source, target, engine } = context;
  const written = await target.files.status(part, { signal: engine.signal });
  if (written?.length === length) return;
  throw new FerryError(
    'LENGTH_MISMATCH',
    `${target.name}:${part} has ${written?.length ?? 'no'} bytes of the ${length} of ${source.name}:${from}`,
  );
}

/**
 * Verifies a whole copy at the level that the spec asks for, and tells at which it could be. `sentHash`: the SHA-256 of
 * the bytes that were sent, where it was taken. Throws CHECKSUM_MISMATCH or LENGTH_MISMATCH. Equal checksums and equal
 * hashes are of as many bytes, so that the length is asked for only where it is all that is compared.
 */
export async function verifyCopy(
  context: AttemptContext,
  copy: Copy,
  sourceSum: Checksum,
  sentHash?: string,
): Promise<VerificationLevel> {
  const { source, target, spec, engine } = context;
  const { from, part } = copy;
  if (spec.verify === 'length') {
    await assertLength(context, copy);
    return 'length';
  }
  if (spec.verify === 'checksum') {
    const sum = await whileBeating(engine, target.files.checksum(part, { signal: engine.signal }));
    if (sum !== undefined && sum !== 'open' && sum.algorithm === sourceSum.algorithm) {
      if (sum.bytes !== sourceSum.bytes) throw mismatch(context, copy);
      return 'checksum';
    }
  }
  // No checksum in common: incomparable is neither equal nor a mismatch, so the bytes themselves are read back.
  await assertHash(context, copy, sentHash ?? (await hashOf(context, source.files, from)));
  return 'stream';
}

/** Reads a copy back; throws CHECKSUM_MISMATCH unless its bytes have this SHA-256. */
export async function assertHash(context: AttemptContext, copy: Copy, wanted: string): Promise<void> {
  if ((await hashOf(context, context.target.files, copy.part)) !== wanted) throw mismatch(context, copy);
}

function mismatch({ source, target }: AttemptContext, { from, part }: Copy): FerryError {
  return new FerryError(
    'CHECKSUM_MISMATCH',
    `${target.name}:${part} does not hold the bytes of ${source.name}:${from}`,
  );
}

async function hashOf(context: AttemptContext, files: FileSystem, path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of metered(context, await files.open(path, { signal: context.engine.signal }))) {
    hash.update(bytes);
    context.engine.heartbeat(context.meter.read());
  }
  return hash.digest('hex');
}
