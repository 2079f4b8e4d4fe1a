import { chain, dag, fileSensor, partitionSensor, syncTable, verifyTable } from 'hive-ferry';

const PARTITION = 'dt={{ ds }}/hour={{ ts | ds_format: "%-H" }}';

/** Every hour: waits until the job that writes it has laid down _SUCCESS on a and registered it, copies it to b, and compares both sides. */
export default dag(
  'clicks_hourly',
  {
    schedule: '@hourly',
    startDate: '2026-11-01',
    // Hours wait for their data side by side.
    maxActiveRuns: 6,
    defaultArgs: { retries: 2, retryDelay: '1m' },
    tags: ['web'],
  },
  (d) => {
    const written = d.task(
      'written',
      fileSensor({ cluster: 'a', path: `/warehouse/web.db/clicks/${PARTITION}/_SUCCESS`, every: '30s', timeout: '5h' }),
    );
    const registered = d.task(
      'registered',
      partitionSensor({ cluster: 'a', table: 'web.clicks', partition: PARTITION, every: '30s', timeout: '1h' }),
    );
    const clicks = d.task(
      'clicks',
      syncTable({ table: 'web.clicks', source: 'a', target: 'b', partitions: [PARTITION] }),
    );
    const compared = d.task(
      'compared',
      verifyTable({ table: 'web.clicks', source: 'a', target: 'b', partitions: [PARTITION], level: 'rows' }),
    );
    chain(written, registered, clicks, compared);
  },
);
