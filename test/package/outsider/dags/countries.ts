import { activityTask, chain, dag, syncTable } from 'hive-ferry';

/** Loaded as it stands, by the worker. */
export default dag('outsider_countries', { schedule: '@daily', startDate: '2026-11-01' }, (d) => {
  const countries = d.task(
    'countries',
    syncTable({ table: 'ref.countries', source: 'a', target: { cluster: 'b', table: 'ferry_outsider.countries' } }),
  );
  const greeted = d.task('greeted', activityTask({ activity: 'greet', input: 'countries of {{ ds }}' }));
  chain(countries, greeted);
});
