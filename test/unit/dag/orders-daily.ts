import { chain, dag } from '../../../dag/dag.ts';
import { hiveCheck } from '../../../dag/operators/hive-check.ts';
import { partitionSensor } from '../../../dag/operators/partition-sensor.ts';
import { syncTable } from '../../../dag/operators/sync-table.ts';
import type { DagSpec } from '../../../dag/spec.ts';

/** A DAG as its user writes it: wait for a partition, copy it, check the copy. */
export function ordersDaily(): DagSpec {
  return dag(
    'orders_daily',
    { schedule: '0 3 * * *', startDate: '2026-11-01', catchup: true, maxActiveRuns: 3 },
    (d) => {
      const arrived = d.task(
        'arrived',
        partitionSensor({ cluster: 'a', table: 'sales.orders', partition: 'dt={{ ds }}', every: '1m', timeout: '6h' }),
      );
      const orders = d.task(
        'orders',
        syncTable({ table: 'sales.orders', source: 'a', target: 'b', where: "dt = '{{ ds }}'" }),
        { retries: 2 },
      );
      const checked = d.task(
        'checked',
        hiveCheck({ cluster: 'b', query: "select count(*) > 0 from sales.orders where dt = '{{ ds }}'" }),
      );
      chain(arrived, orders, checked);
    },
  );
}
