import type { SeededTable } from './seeded-table.ts';

const NAME = 'geo.empty';

/** Partitioned, and nothing in it. */
export const geoEmpty: SeededTable = {
  name: NAME,
  shape: 'partitioned, without a partition',
  version: 1,
  partitions: 0,
  rows: () => 0,
  async make({ query }) {
    await query(
      `CREATE EXTERNAL TABLE ${NAME} (city string, population bigint) PARTITIONED BY (country char(2)) STORED AS ORC`,
    );
  },
};
