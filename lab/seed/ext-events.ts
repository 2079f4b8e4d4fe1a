import type { SeededTable } from './seeded-table.ts';
import { folderOf, numbers, putFile } from './source-cluster.ts';

const NAME = 'ext.events';
const ELSEWHERE = '/elsewhere';

/** Where the partition of the third of November really is; its usual folder holds other files. */
export const MOVED = { partition: 'day=2026-11-03', folder: `${ELSEWHERE}/events/the-third`, rows: 5 } as const;
/** Files and folders that no query reads, in the partition of the second; and _SUCCESS, which is kept. */
export const HIDDEN = { partition: 'day=2026-11-02', names: ['.x', '_y', '_temporary', '.hive-staging_1'] } as const;

const ROWS = 3;

/**
 * External, as tables grow over the years: a partition in text from before the table was ORC, one that lies elsewhere while
 * its usual folder still holds stale files, one that UNION ALL wrote into folders of its own, hidden files, an empty
 * partition, and a column that came later, without CASCADE.
 */
export const extEvents: SeededTable = {
  name: NAME,
  shape:
    'external ORC; a partition in text, one elsewhere with stale files at its usual folder, nested folders, hidden files, a later column',
  version: 1,
  partitions: 7,
  // 1: text · 2 and 4: ORC · 3: elsewhere · 5: two folders · 6: empty · 7: with the later column
  rows: (scale) => (ROWS + 2 * ROWS + 2 * ROWS + ROWS) * scale + MOVED.rows,
  elsewhere: [ELSEWHERE],
  async make(source, scale) {
    const { query, fileSystem } = source;
    const rows = (from: string) => `SELECT CAST(n AS bigint), concat('${from} ', n) FROM ${numbers(ROWS * scale)}`;
    const insert = (day: string, select: string) =>
      query(`INSERT INTO TABLE ${NAME} PARTITION (day = '2026-11-0${day}') ${select}`);
    await query(
      `CREATE EXTERNAL TABLE ${NAME} (id bigint, what string COMMENT 'it\\'s "quoted"; ünï 日本') PARTITIONED BY (day string)
       STORED AS TEXTFILE TBLPROPERTIES ('discover.partitions' = 'true', 'partition.retention.period' = '9000d')`,
    );
    await insert('1', rows('text'));
    await query(`ALTER TABLE ${NAME} SET FILEFORMAT ORC`);
    await query(
      `INSERT INTO TABLE ${NAME} PARTITION (day)
       SELECT CAST(n AS bigint), concat(IF(pmod(n, 3) = 1, 'stale ', 'orc '), n), concat('2026-11-0', pmod(n, 3) + 2)
       FROM ${numbers(ROWS * 3 * scale)}`,
    );
    await query(`ALTER TABLE ${NAME} PARTITION (day = '2026-11-03') SET LOCATION '${fileSystem}${MOVED.folder}'`);
    await insert('3', `SELECT CAST(n AS bigint), concat('moved ', n) FROM ${numbers(MOVED.rows)}`);
    await insert('5', `${rows('left')} UNION ALL ${rows('right')}`);
    await query(`ALTER TABLE ${NAME} ADD PARTITION (day = '2026-11-06')`);
    await query(`ALTER TABLE ${NAME} ADD COLUMNS (extra string COMMENT 'since the seventh')`);
    await insert('7', `SELECT CAST(n AS bigint), concat('late ', n), 'extra' FROM ${numbers(ROWS * scale)}`);
    const folder = `${folderOf(NAME)}/${HIDDEN.partition}`;
    for (const name of ['.x', '_y', '_temporary/0/part', '.hive-staging_1/part', '_SUCCESS'])
      await putFile(source, `${folder}/${name}`, name === '_SUCCESS' ? '' : 'no row of the table\n');
  },
};
