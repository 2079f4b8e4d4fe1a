import type { SeededTable } from './seeded-table.ts';

/** Every type of column, with ordinary values, none at all, and the ends of their ranges. */
export const wideTypes: SeededTable = {
  name: 'wide.types',
  shape: 'ORC, not partitioned, every type of column',
  version: 1,
  rows: () => 3,
  async make({ query }) {
    await query(
      `CREATE EXTERNAL TABLE wide.types (flag boolean, tiny tinyint, small smallint, whole int, big bigint, single float,
         wider double, exact decimal(38,18), day date, moment timestamp, text string, upto varchar(20), fixed char(5),
         raw binary, list array<string>, pairs map<string,int>,
         record struct<a:int, b:string, c:array<decimal(10,2)>>, nested map<string,array<struct<d:date, f:float>>>)
       STORED AS ORC`,
    );
    const numbers = (n: string, exact: string) =>
      `CAST(${n} AS tinyint), CAST(${n} AS smallint), CAST(${n} AS int), CAST(${n} AS bigint), CAST(${n} AS float), CAST(${n} AS double), CAST('${exact}' AS decimal(38,18))`;
    const moment = "DATE '2026-11-01', TIMESTAMP '2026-11-01 10:20:30.123456789'";
    const record = (a: string) =>
      `named_struct('a', CAST(${a} AS int), 'b', CAST(${a} AS string), 'c', array(CAST(1.25 AS decimal(10,2))))`;
    const nested = "map('n', array(named_struct('d', DATE '2026-11-01', 'f', CAST(1.5 AS float))))";
    await query(
      `INSERT INTO TABLE wide.types
       SELECT true, ${numbers('7', '12345678901234567890.123456789012345678')}, ${moment}, 'ünï 日本 🚀',
         CAST('it\\'s' AS varchar(20)), CAST('ch' AS char(5)), unhex('00FF0A0D'), array('a', NULL, ''), map('k', 1, 'l', 2),
         ${record('1')}, ${nested}
       UNION ALL SELECT false, ${numbers('-128', '-99999999999999999999.999999999999999999')},
         DATE '0001-01-01', TIMESTAMP '9999-12-31 23:59:59.999999999', '', CAST('' AS varchar(20)), CAST('' AS char(5)),
         unhex(''), array(CAST(NULL AS string)), map('', 0), ${record('NULL')}, ${nested}`,
    );
    await query('INSERT INTO TABLE wide.types (flag) VALUES (NULL)');
  },
};

/** Partitioned by a decimal and a timestamp, of which the folders hold a form of their own. */
export const wideMoments: SeededTable = {
  name: 'wide.moments',
  shape: 'ORC, amount decimal + at timestamp',
  version: 1,
  partitions: 5,
  rows: () => 5,
  async make({ query }) {
    await query(
      `CREATE EXTERNAL TABLE wide.moments (id int) PARTITIONED BY (amount decimal(10,2), at timestamp) STORED AS ORC`,
    );
    const rows = [
      ['1.50', '2026-11-01 10:20:30'],
      ['-2', '2026-11-01 10:20:30.5'],
      ['1.25', '2026-11-01 00:00:00'],
      ['0', '1969-12-31 23:59:59.999'],
      ['99999999.99', '2026-11-01 10:20:30'],
    ].map(([amount, at], id) => `struct(${id}, CAST('${amount}' AS decimal(10,2)), TIMESTAMP '${at}')`);
    await query(
      `INSERT INTO TABLE wide.moments PARTITION (amount, at) SELECT inline(array(${rows.join(', ')})) AS (id, amount, at)`,
    );
  },
};
