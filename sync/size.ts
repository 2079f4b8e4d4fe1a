import { FerryError } from '../errors/ferry-error.ts';

const UNITS = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;
const SIZE = /^([1-9]\d{0,15})(KiB|MiB|GiB|TiB)$/;

/** What a size looks like, for messages: "x is not <this>". */
export const SIZE_NOUN = 'a size: a whole number and KiB, MiB, GiB or TiB, such as "256MiB"';

function bytesOf(text: string): number | undefined {
  const match = SIZE.exec(text);
  if (match === null) return undefined;
  const bytes = Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

export function isSize(text: string): boolean {
  return bytesOf(text) !== undefined;
}

/**
 * '256MiB' -> 268435456. One spelling only: a positive whole number, then KiB, MiB, GiB or TiB, so that nobody has to
 * guess whether 256M means 10^6 or 2^20. Anything else throws SPEC_INVALID.
 */
export function parseSize(text: string): number {
  const bytes = bytesOf(text);
  if (bytes === undefined) throw new FerryError('SPEC_INVALID', `${JSON.stringify(text)} is not ${SIZE_NOUN}.`);
  return bytes;
}

/** The exact text of a size in its largest whole unit: 268435456 -> '256MiB'; parseSize undoes it for multiples of 1 KiB. */
export function formatSize(bytes: number): string {
  for (const unit of ['TiB', 'GiB', 'MiB', 'KiB'] as const) {
    if (bytes >= UNITS[unit] && bytes % UNITS[unit] === 0) return `${bytes / UNITS[unit]}${unit}`;
  }
  return `${bytes} bytes`;
}
