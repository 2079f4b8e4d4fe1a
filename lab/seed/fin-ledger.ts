import type { SeededTable } from './seeded-table.ts';
import { numbers } from './source-cluster.ts';

const NAME = 'fin.ledger';
const MONTHS = 3;
const BOOKS = ['general', 'sales'];
const ROWS = 20;

/** Managed and not transactional, with statistics from which Hive answers count(*) without a look at the files. */
export const finLedger: SeededTable = {
  name: NAME,
  shape: 'managed, not transactional, ORC, with statistics',
  version: 1,
  partitions: MONTHS * BOOKS.length,
  rows: (scale) => MONTHS * BOOKS.length * ROWS * scale,
  async make({ query }, scale) {
    await query(
      `CREATE TABLE ${NAME} (entry bigint, account varchar(20), amount decimal(12,2))
       PARTITIONED BY (month date, book string) STORED AS ORC TBLPROPERTIES ('transactional' = 'false')`,
    );
    await makeManaged(query, NAME);
    await query(
      `INSERT INTO TABLE ${NAME} PARTITION (month, book)
       SELECT CAST(n AS bigint), concat('account-', pmod(n, 7)), CAST(n * 1.25 AS decimal(12,2)),
         CAST(add_months('2026-09-01', CAST(pmod(n, ${MONTHS}) AS int)) AS date),
         array(${BOOKS.map((book) => `'${book}'`).join(', ')})[CAST(pmod(floor(n / ${MONTHS}), ${BOOKS.length}) AS int)]
       FROM ${numbers(MONTHS * BOOKS.length * ROWS * scale)}`,
    );
    await query(`ANALYZE TABLE ${NAME} COMPUTE STATISTICS`);
  },
};

/** Hive 4 turns CREATE TABLE without transactions into an external table; this turns it back. */
export async function makeManaged(query: (sql: string) => Promise<unknown>, table: string): Promise<void> {
  await query(`ALTER TABLE ${table} SET TBLPROPERTIES ('EXTERNAL' = 'FALSE')`);
  await query(`ALTER TABLE ${table} UNSET TBLPROPERTIES IF EXISTS ('TRANSLATED_TO_EXTERNAL', 'external.table.purge')`);
}
