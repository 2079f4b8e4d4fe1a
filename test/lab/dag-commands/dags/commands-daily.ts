import { dag, syncTable } from 'hive-ferry';

/** Copies a day of the seed's orders into a table of its own. */
export default dag(
  'commands_daily',
  { schedule: '@daily', startDate: '2026-11-01', endDate: '2026-11-06', catchup: true, maxActiveRuns: 4 },
  (d) => {
    d.task(
      'orders',
      syncTable({
        table: 'sales.orders',
        source: 'a',
        target: { cluster: 'b', table: 'ferry_dag.orders' },
        where: "dt = '{{ ds }}'",
        createDatabase: true,
        nodes: { count: 1, memory: '64MiB' },
      }),
    );
  },
);
