import { FerryError, isFerryError } from '../errors/ferry-error.ts';
import { assertOwn } from './claim.ts';
import type { AttemptContext } from './node-context.ts';

/** Where files are written until they are verified, and with which permission (octal). */
export type Parts = { readonly folder: string; readonly permission: string };

/**
 * Renames a verified file of `length` bytes to its place, where only verified files are ever put. A rename whose answer
 * was lost, now or in an earlier try, is settled by a look at that place. Throws CLAIMED when the attempt was taken over.
 */
export async function intoPlace(context: AttemptContext, part: string, to: string, length: number): Promise<void> {
  const { target, engine } = context;
  const { signal } = engine;
  let failure: unknown;
  try {
    const answer = await target.files.rename(part, to, { signal });
    if (answer.renamed) return;
    failure = new FerryError('PATH_ABSENT', `could not move ${target.name}:${part} to ${to}: ${answer.reason}`);
  } catch (error) {
    if (!isFerryError(error)) throw error;
    failure = error;
  }
  if ((await target.files.status(to, { signal }))?.length === length) {
    await target.files.delete(part, { signal });
    return;
  }
  await assertOwn(context);
  throw failure;
}
