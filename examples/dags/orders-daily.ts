import { chain, dag, hiveCheck, partitionSensor, syncTable } from 'hive-ferry';

/** Every night: waits for yesterday's partition on a, copies the day to b, and checks that it has rows there. */
export default dag(
  'orders_daily',
  { schedule: '0 3 * * *', startDate: '2026-11-01', catchup: false, maxActiveRuns: 3, tags: ['sales'] },
  (d) => {
    const arrived = d.task(
      'arrived',
      partitionSensor({
        cluster: 'a',
        table: 'sales.orders',
        partition: 'dt={{ ds }}/region=emea',
        every: '1m',
        timeout: '6h',
      }),
    );
    const orders = d.task(
      'orders',
      syncTable({ table: 'sales.orders', source: 'a', target: 'b', where: "dt = '{{ ds }}'" }),
      { retries: 2 },
    );
    const checked = d.task(
      'checked',
      hiveCheck({ cluster: 'b', query: "select count(*) > 0 as has_rows from sales.orders where dt = '{{ ds }}'" }),
    );
    chain(arrived, orders, checked);
  },
);
