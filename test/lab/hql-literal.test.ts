import { describe, expect, it, jest } from '@jest/globals';
import { render } from '../../dag/render.ts';
import { withHive } from '../../lab/hive-session.ts';

jest.setTimeout(120_000);

const VALUES = [
  "it's",
  "'; drop table t; --",
  "' or '1'='1",
  'a\\',
  "\\'",
  'back\\slash \\n \\u0041 \\%_',
  'two\nlines\r\n\tand -- a comment',
  '/* no comment */',
  '$' + '{hiveconf:hive.execution.engine}',
  '{{ ds }} {% raw %}',
  '"`;\u001a\b',
  'Müller, 東京, 😀',
  '',
] as const;

describe('case 22: HiveServer2 reads a value that came through hql as the value', () => {
  it('whatever text it is, in a statement with several', async () => {
    const columns = VALUES.map((_, index) => `{{ params.values[${index}] | hql }} as c${index}`);
    const statement = render(`select ${columns.join(', ')}`, { params: { values: VALUES } });
    const rows = await withHive('a', (query) => query(String(statement)));
    expect(rows.map((row) => VALUES.map((_, index) => row[`c${index}`]))).toEqual([VALUES]);
  });

  it('and a list as values of in', async () => {
    const statement = render(
      'select {{ item | hql }} in ({{ params.values | hql }}) as found, {{ params.n | hql }} as n',
      {
        item: VALUES[1],
        params: { values: VALUES, n: -1.5 },
      },
    );
    const rows = await withHive('a', (query) => query(String(statement)));
    expect(rows).toEqual([{ found: true, n: expect.anything() }]);
    expect(Number(rows[0]?.n)).toBe(-1.5);
  });
});
