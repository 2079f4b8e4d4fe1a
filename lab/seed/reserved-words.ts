import type { SeededTable } from './seeded-table.ts';

/** Database, table, columns and key are words of SQL; comments hold what statements have to quote. */
export const reservedWords: SeededTable = {
  name: 'order.select',
  shape: 'ORC, names that are reserved words, comments with quotes and unicode',
  version: 1,
  partitions: 2,
  rows: () => 3,
  async make({ query }) {
    await query(
      `CREATE EXTERNAL TABLE \`order\`.\`select\` (
         \`date\` date COMMENT 'the "date"', \`user\` string COMMENT 'it\\'s ünï 日本; -- no comment', \`from\` int COMMENT 'a \\\\ b'
       ) COMMENT 'a table\\'s "comment"; ünï 日本'
       PARTITIONED BY (\`table\` string COMMENT 'a key\\'s "comment"') STORED AS ORC`,
    );
    await query(
      `INSERT INTO TABLE \`order\`.\`select\` PARTITION (\`table\`)
       SELECT inline(array(struct(DATE '2026-11-01', 'one', 1, 'join'), struct(DATE '2026-11-02', 'two', 2, 'join'),
         struct(DATE '2026-11-03', 'three', 3, 'group'))) AS (\`date\`, \`user\`, \`from\`, \`table\`)`,
    );
  },
};
