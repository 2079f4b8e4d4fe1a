import { chain, dag, fileSensor, partitionSensor, syncTable } from 'hive-ferry';

/** After the copy it waits for a file that somebody has to put there. */
export default dag(
  'commands_gated',
  { schedule: '@daily', startDate: '2026-11-01', endDate: '2026-11-06', params: { timeout: '2s' } },
  (d) => {
    const orders = d.task(
      'orders',
      syncTable({
        table: 'sales.orders',
        source: 'a',
        target: { cluster: 'b', table: 'ferry_dag.gated' },
        where: "dt = '{{ ds }}'",
        createDatabase: true,
        nodes: { count: 1, memory: '64MiB' },
      }),
    );
    const approved = d.task(
      'approved',
      fileSensor({
        cluster: 'b',
        path: '/tmp/ferry-dag/{{ ds }}',
        every: '1s',
        timeout: '{{ params.timeout }}',
      }),
    );
    const there = d.task(
      'there',
      partitionSensor({
        cluster: 'b',
        table: 'ferry_dag.gated',
        partition: 'dt={{ ds }}/region=emea',
        every: '1s',
        timeout: '10s',
      }),
    );
    chain(orders, approved, there);
  },
);
