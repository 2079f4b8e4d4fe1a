import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CODES, type RetryClass } from '../../../errors/codes.ts';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'errors.md'), 'utf8');

const WHEN: Readonly<Record<RetryClass, string>> = {
  retry: 'at once, with back-off',
  busy: 'when its turn comes',
  round: 'in a later round of the run',
  never: 'no',
};

describe('docs/errors.md', () => {
  it('has a row for every code, as the table of codes has it, and no other', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toEqual(
      Object.entries(CODES).map(([code, { retry, hint }]) => `| \`${code}\` | ${WHEN[retry]} | ${hint} |`),
    );
  });
});
