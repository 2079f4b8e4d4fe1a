import { isFerryError } from '../errors/ferry-error.ts';

/** The namenode has understood and said no: for want of a right, or because it has no such thing. */
export function isRefusal(error: unknown): boolean {
  if (!isFerryError(error)) return false;
  const { status } = error.details;
  if (error.code === 'PERMISSION_DENIED') return true;
  return (error.code === 'SERVER_ERROR' || error.code === 'BAD_ANSWER') && typeof status === 'number' && status < 500;
}
