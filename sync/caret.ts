const WIDTH = 100;
const BEFORE = 60;

/**
 * The line of a text that holds the place (an offset in UTF-16 units), indented, and a caret under it. Of a long line
 * only what surrounds the place is shown.
 */
export function withCaret(text: string, place: number): string {
  const start = Math.max(text.lastIndexOf('\n', place - 1), text.lastIndexOf('\r', place - 1)) + 1;
  const line = /^[^\r\n]*/.exec(text.slice(start))?.[0] ?? '';
  const [before, after] = [shownAs(line.slice(0, place - start)), shownAs(line.slice(place - start))];
  const from = before.length + after.length <= WIDTH ? 0 : Math.max(0, before.length - BEFORE);
  const head = from === 0 ? before : ['…', ...before.slice(from + 1)];
  const room = WIDTH - head.length;
  const tail = after.length <= room ? after : [...after.slice(0, room - 1), '…'];
  return `  ${[...head, ...tail].join('')}\n  ${' '.repeat(head.length)}^`;
}

/** A character a column: code points, control characters as blanks. */
function shownAs(text: string): readonly string[] {
  return [...text].map((character) => (/\p{Cc}/u.test(character) ? ' ' : character));
}
