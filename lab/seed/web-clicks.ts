import type { SeededTable } from './seeded-table.ts';
import { folderOf, numbers, putFile } from './source-cluster.ts';

const DAYS = 3;
const HOURS = 4;
/** A partition of the twelve has this many rows at scale 1, in three files. */
const ROWS = 60;
const SMALL_ROWS = 64;
const LARGE_ROW_BYTES = 64 * 1024;
/** 64 MiB for every step of the scale above 1. */
const LARGE_ROWS = 1024;

const NAME = 'web.clicks';

/**
 * Parquet with a date and an int as keys: twelve partitions of three files each and _SUCCESS, as a job leaves it that has
 * written its hour, two of them with an empty file besides; and one partition with a single file, which is huge at scale:
 * 64 MiB for every step above 1.
 */
export const webClicks: SeededTable = {
  name: NAME,
  shape:
    'Parquet, dt date + hour int; several files a partition, some empty, and _SUCCESS; one partition with a single file, huge at scale',
  version: 2,
  partitions: DAYS * HOURS + 1,
  rows: (scale) => DAYS * HOURS * ROWS * scale + SMALL_ROWS + LARGE_ROWS * (scale - 1),
  async make(source, scale) {
    const { query } = source;
    // Uncompressed, so that a huge file takes no CPU.
    await query(
      `CREATE EXTERNAL TABLE ${NAME} (click_id bigint, visitor string, url string, at timestamp, payload string)
       PARTITIONED BY (dt date, hour int) STORED AS PARQUET
       TBLPROPERTIES ('parquet.compression' = 'UNCOMPRESSED', 'parquet.block.size' = '16777216')`,
    );
    await query('SET mapreduce.job.reduces = 3');
    await query(
      `INSERT INTO TABLE ${NAME} PARTITION (dt, hour)
       SELECT CAST(n AS bigint) AS click_id, concat('visitor-', pmod(n * 7919, 97)), concat('/page/', pmod(n, 31), '?q=%41&r=a b'),
         CAST(concat('2026-11-01 10:', lpad(pmod(n, 60), 2, '0'), ':00') AS timestamp), sha2(CAST(n AS string), 256),
         CAST(date_add('2026-11-01', CAST(pmod(n, ${DAYS}) AS int)) AS date) AS dt,
         CAST(pmod(floor(n / ${DAYS}), ${HOURS}) * 6 AS int) AS hour
       FROM ${numbers(DAYS * HOURS * ROWS * scale)} DISTRIBUTE BY floor(click_id / ${DAYS * HOURS})`,
    );
    await query('SET mapreduce.job.reduces = -1');
    const bytes = scale === 1 ? 64 : LARGE_ROW_BYTES;
    await query(
      `INSERT INTO TABLE ${NAME} PARTITION (dt = '2026-11-04', hour = 0)
       SELECT CAST(n AS bigint), 'bulk', '/bulk', CAST('2026-11-04 00:00:00' AS timestamp),
         rpad(sha2(CAST(n AS string), 256), ${bytes}, sha2(CAST(n AS string), 512))
       FROM ${numbers(SMALL_ROWS + LARGE_ROWS * (scale - 1))}`,
    );
    for (const folder of ['dt=2026-11-01/hour=6', 'dt=2026-11-02/hour=18'])
      await putFile(source, `${folderOf(NAME)}/${folder}/000009_0`, '');
    for (let day = 1; day <= DAYS; day++)
      for (let hour = 0; hour < HOURS * 6; hour += 6)
        await putFile(source, `${folderOf(NAME)}/dt=2026-11-0${day}/hour=${hour}/_SUCCESS`, '');
  },
};
