import { chain, dag, hiveCheck, partitionSensor, syncTable } from 'hive-ferry';

const TABLE = 'ferry_ui_dag.orders';

/** The DAG of examples/dags/orders-daily.ts over a table to which the test adds the days that it needs; its sensor looks often. */
export default dag('orders_daily', { schedule: '0 3 * * *', startDate: '2026-11-01' }, (d) => {
  const arrived = d.task(
    'arrived',
    partitionSensor({ cluster: 'a', table: TABLE, partition: 'dt={{ ds }}/region=emea', every: '1s', timeout: '10m' }),
  );
  const orders = d.task('orders', syncTable({ table: TABLE, source: 'a', target: 'b', where: "dt = '{{ ds }}'" }));
  const checked = d.task(
    'checked',
    hiveCheck({ cluster: 'b', query: `select count(*) > 0 as has_rows from ${TABLE} where dt = '{{ ds }}'` }),
  );
  chain(arrived, orders, checked);
});
