import { describe, expect, it } from '@jest/globals';
import { tableText } from '../../../cli/tables.ts';
import { colorsFor } from '../../../cli/terminal.ts';

describe('colours', () => {
  it.each<[string, boolean, Record<string, string>, boolean]>([
    ['a terminal', true, {}, true],
    ['a file', false, {}, false],
    ['a file in CI', false, { CI: 'true' }, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR says nothing', true, { NO_COLOR: '' }, true],
    ['FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['NO_COLOR wins', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
  ])('%s', (_, isTty, env, colored) => {
    expect(colorsFor(isTty, env).red('x') !== 'x').toBe(colored);
  });
});

describe('tables', () => {
  const colors = colorsFor(false, {});
  const rows = [
    [
      'dt=2026-01-01/region=eu',
      '1.2 GiB',
      'changed: the source has 3 files that the target does not have, and 2 of another length',
    ],
    ['dt=2026-01-02/region=eu', '9 KiB', 'new'],
  ];
  const text = (columns: number) => tableText(['partition', 'bytes', 'why'], rows, { columns, colors, right: [1] });

  it('stays within the width, numbers to the right', () => {
    for (const columns of [100, 60]) {
      for (const line of text(columns).split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    }
    expect(text(200).split('\n')).toEqual([
      'partition                  bytes  why',
      'dt=2026-01-01/region=eu  1.2 GiB  changed: the source has 3 files that the target does not have, and 2 of another length',
      'dt=2026-01-02/region=eu    9 KiB  new',
    ]);
  });

  it('breaks between words where words fit, and loses no letter where they do not', () => {
    expect(text(100).split('\n')[1]).toMatch(/^dt=2026-01-01\/region=eu {2}1\.2 GiB {2}changed: .* \w+$/);
    for (const columns of [100, 60, 40]) {
      const letters = text(columns).replaceAll(/\s/g, '');
      for (const row of rows)
        for (const letter of new Set(row.join('').replaceAll(' ', ''))) expect(letters).toContain(letter);
      expect(letters).not.toContain('…');
    }
  });
});
