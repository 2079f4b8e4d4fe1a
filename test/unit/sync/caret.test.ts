import { describe, expect, it } from '@jest/globals';
import { withCaret } from '../../../sync/caret.ts';

describe('a caret under a place', () => {
  it.each([
    ['a line', 'dt = 1', 5, ['  dt = 1', '       ^']],
    ['the end', 'dt =', 4, ['  dt =', '      ^']],
    ['the line of several', 'dt = 1\n and x\r\nor y', 8, ['   and x', '   ^']],
    ['the last line', 'dt = 1\n and x\r\nor y', 18, ['  or y', '     ^']],
    ['an empty text', '', 0, ['  ', '  ^']],
    ['control characters', '\t\u0000x', 2, ['    x', '    ^']],
    ['characters of two units', '😀😀 x', 5, ['  😀😀 x', '     ^']],
    ['a new line itself', 'a\nb', 1, ['  a', '   ^']],
  ])('%s', (_, text, place, lines) => {
    expect(withCaret(text, place).split('\n')).toEqual(lines);
  });

  it.each([0, 10, 99, 150, 290, 300])('of a long line shows what surrounds place %d', (place) => {
    const text = Array.from({ length: 300 }, (_, n) => String.fromCodePoint(0x4e00 + n)).join('');
    const [line = '', caret = ''] = withCaret(text, place).split('\n');
    expect([...line].length).toBeLessThanOrEqual(102);
    expect(line.charAt(caret.length - 1)).toBe(text.charAt(place));
  });
});
