import type { Json } from '../dag/spec.ts';

/** Of the JSON of one XCom, and of all that one task is handed: they stand in the history anew for each task that reads them. */
export const MAX_XCOM_BYTES = 64 * 1024;
export const MAX_HANDED_BYTES = 256 * 1024;

/** The patch of these limits; asked for only where one is exceeded, so that other runs have no marker of it. */
export const XCOM_LIMITS = 'xcom-limits';

const NAMED = 10;

/** Of the XCom of one task: the bytes of its JSON. */
export type XcomSize = { readonly taskId: string; readonly bytes: number };

/** The bytes of a value's JSON in UTF-8. */
export function jsonBytes(value: Json): number {
  return utf8Bytes(JSON.stringify(value));
}

/** The bytes of a text in UTF-8; that of JSON has no half of a surrogate pair. Workflows have no Buffer, and copy nothing. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place);
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}

/** The bytes of a list's JSON, from those of its items. */
export function listBytes(items: readonly number[]): number {
  return items.reduce((sum, bytes) => sum + bytes, 2 + Math.max(0, items.length - 1));
}

/** Why a task cannot be handed these XComs; undefined when it can. */
export function tooMuchHanded(sizes: readonly XcomSize[]): string | undefined {
  const all = totalBytes(sizes);
  if (all <= MAX_HANDED_BYTES) return undefined;
  const named = [...sizes].sort((a, b) => b.bytes - a.bytes).slice(0, NAMED);
  const list = named.map(({ taskId, bytes }) => `${taskId}: ${bytes}`).join(', ');
  const more = sizes.length > named.length ? ` and ${sizes.length - named.length} more` : '';
  return [
    `the XComs it is handed are ${all} bytes of JSON, and at most ${MAX_HANDED_BYTES} are allowed (${list}${more}).`,
    'A task is handed those of the tasks above it whose ids its input holds.',
    'Have these tasks return less, or the path of a file that they write',
  ].join(' ');
}

export function totalBytes(sizes: readonly XcomSize[]): number {
  return sizes.reduce((sum, { bytes }) => sum + bytes, 0);
}
