import { dag, hiveQuery, syncTable, verifyTable } from 'hive-ferry';

/** Once a day: copies every table that the database has on a by then, two at a time, each in a sync of its own, and compares them. */
export default dag(
  'wide_database',
  { schedule: '@daily', startDate: '2026-11-01', maxActiveRuns: 1, maxActiveTasks: 2 },
  (d) => {
    const tables = d.task('tables', hiveQuery({ cluster: 'a', query: 'show tables in wide', result: 'column' }));
    const copies = d.task('copies', syncTable({ table: 'wide.{{ item }}', source: 'a', target: 'b', prune: true }), {
      expand: tables,
      retries: 2,
    });
    const compared = d.task('compared', verifyTable({ table: 'wide.{{ item }}', source: 'a', target: 'b' }), {
      expand: tables,
    });
    copies.then(compared);
  },
);
