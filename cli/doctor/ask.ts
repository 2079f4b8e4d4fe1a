import { codeOf, FerryError, isFerryError, messageOf, redact } from '../../errors/ferry-error.ts';
import type { Said } from './findings.ts';

/** A server that says nothing for so long is told as silent. */
const PATIENCE_MS = 20_000;

/** Asks and takes what comes, an error too; only the end of the whole (`signal`) is passed on. */
export async function ask<T>(question: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<Said<T>> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const either = AbortSignal.any([signal, patience]);
  const silent = new Promise<never>((_, reject) => {
    either.addEventListener('abort', () => reject(either.reason), { once: true });
    if (either.aborted) reject(either.reason);
  });
  silent.catch(() => {});
  try {
    return { ok: true, value: await Promise.race([question(either), silent]) };
  } catch (error) {
    signal.throwIfAborted();
    return refused(
      patience.aborted ? new FerryError('DEADLINE', `there was no answer within ${PATIENCE_MS / 1000} s`) : error,
    );
  }
}

function refused(error: unknown): {
  readonly ok: false;
  readonly failed: Extract<Said<never>, { ok: false }>['failed'];
} {
  const scheme = isFerryError(error) && typeof error.details.scheme === 'string' ? error.details.scheme : undefined;
  const message = redact(messageOf(error));
  return { ok: false, failed: { code: codeOf(error), message, ...(scheme === undefined ? {} : { scheme }) } };
}
