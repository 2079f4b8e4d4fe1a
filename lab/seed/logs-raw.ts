import type { SeededTable } from './seeded-table.ts';
import { folderOf, putFile } from './source-cluster.ts';

const NAME = 'logs.raw';

/** Values of a string key that names of folders, URLs and statements hold in some other form. */
export const ODD_VALUES = [
  'two words',
  ' blanks around ',
  '10:30:00',
  '2026-11-01 00:00:00',
  '100%',
  '%41',
  "it's",
  'say "hi"',
  '{a}',
  '[b]',
  'a=b',
  'a/b',
  'a\\b',
  'a,b',
  'a;b -- c',
  '`tick`',
  `$${'{hiveconf:x}'}`,
  '{{ ds }}',
  '<script>alert(1)</script>',
  '&amp;+~!@#^*?|',
  'tab\there',
  'two\nlines',
  'Zürich',
  '日本',
  '🚀 go',
  '.dot',
  '_under',
  'UPPER',
  'upper',
] as const;

const DEFAULTS = [
  { id: 901, line: 'no source', source: null, hour: 5 },
  { id: 902, line: 'no hour', source: 'plain', hour: null },
  { id: 903, line: 'neither', source: null, hour: null },
] as const;

/**
 * Text with a string and an int as keys: a partition for each odd value, the default partition under either key and
 * under both, and hour=1 in a folder hour=01, found by MSCK.
 */
export const logsRaw: SeededTable = {
  name: NAME,
  shape: 'text, source string + hour int; odd values of all kinds, default partitions, a folder hour=01',
  version: 1,
  partitions: ODD_VALUES.length + DEFAULTS.length + 1,
  rows: (scale) => (ODD_VALUES.length + DEFAULTS.length) * scale + 1,
  async make(source, scale) {
    const { query } = source;
    await query(
      `CREATE EXTERNAL TABLE ${NAME} (id int, line string) PARTITIONED BY (source string, hour int)
       ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' STORED AS TEXTFILE`,
    );
    // Before the others: over a default partition under an int key MSCK fails as a whole.
    await putFile(source, `${folderOf(NAME)}/source=plain/hour=01/lines.txt`, '900\tthe first hour\n');
    await query(`MSCK REPAIR TABLE ${NAME}`);
    const lines = [
      ...ODD_VALUES.map((value, id) => ({ id, line: `line ${id}`, source: value, hour: id % 24 })),
      ...DEFAULTS,
    ];
    // Values as hex digits: whatever they hold, no statement sees it.
    const text = (value: string | null) =>
      value === null ? 'CAST(NULL AS string)' : `'${Buffer.from(value).toString('hex')}'`;
    const structs = lines.map(
      ({ id, line, source: value, hour }) =>
        `struct(${id}, '${line}', ${text(value)}, ${hour === null ? 'CAST(NULL AS int)' : hour})`,
    );
    await query(
      `INSERT INTO TABLE ${NAME} PARTITION (source, hour)
       SELECT id, line, decode(unhex(source), 'UTF-8'), hour
       FROM (SELECT inline(array(${structs.join(', ')})) AS (id, line, source, hour)) lines
       LATERAL VIEW explode(split(space(${scale - 1}), ' ')) times AS nothing`,
    );
  },
};
