import { createHash } from 'node:crypto';

/**
 * A share of the names, at least one of any: the same names give the same sample, on every machine, and a larger share
 * holds the smaller one. Which names come is as good as chance (the order of their SHA-256).
 */
export function sampleOf(names: readonly string[], percent: number): ReadonlySet<string> {
  const place = (name: string) => createHash('sha256').update(name).digest('hex');
  const ordered = names.map((name) => ({ name, place: place(name) })).sort((a, b) => (a.place < b.place ? -1 : 1));
  return new Set(ordered.slice(0, Math.ceil((names.length * percent) / 100)).map(({ name }) => name));
}
