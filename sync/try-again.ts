import { CODES } from '../errors/codes.ts';
import { codeOf, messageOf } from '../errors/ferry-error.ts';
import { assertOwn } from './claim.ts';
import type { AttemptContext } from './node-context.ts';

const TRIES = 3;
const FIRST_PAUSE_MS = 500;

/** The file that work is about, for the log. */
export type FileAtWork = { readonly partition: string; readonly file: string };

/**
 * Does something about one file; what a retry may mend is tried again a few times, after a pause and `cleanUp`. What the
 * last try throws is thrown, CLAIMED and an abort at once.
 */
export async function tryAgain<T>(
  context: AttemptContext,
  about: FileAtWork,
  work: () => Promise<T>,
  cleanUp: () => Promise<unknown> = async () => {},
): Promise<T> {
  const { engine } = context;
  const { signal } = engine;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const code = codeOf(error);
      if (signal.aborted || CODES[code].retry !== 'retry' || code === 'CLAIMED' || attempt >= TRIES) throw error;
      engine.log.warn('file failed, trying again', { ...about, code, message: messageOf(error) });
      await engine.sleep(FIRST_PAUSE_MS * 4 ** (attempt - 1), signal);
      await assertOwn(context);
      await cleanUp();
    }
  }
}
