import { chain, dag, hiveCheck, hiveQuery, partitionSensor, syncTable } from 'hive-ferry';

const SUM = "select cast(sum(amount) as string) as total from fin.ledger where month = '{{ ds }}'";

/**
 * Every month: when all books of the month are closed on a, copies them to b, each in a sync of its own, and the countries
 * beside them; then sees that both sides come to the same sum. A run that fails stays open until somebody clears it.
 */
export default dag(
  'ledger_monthly',
  { schedule: '@monthly', startDate: '2026-09-01', maxActiveRuns: 1, onFailure: 'wait', tags: ['fin'] },
  (d) => {
    const closed = d.task(
      'closed',
      partitionSensor({
        cluster: 'a',
        table: 'fin.ledger',
        partition: ['month={{ ds }}/book=general', 'month={{ ds }}/book=sales'],
        timeout: '5d',
      }),
    );
    const books = d.task(
      'books',
      hiveQuery({
        cluster: 'a',
        query: "select distinct book from fin.ledger where month = '{{ ds }}'",
        result: 'column',
      }),
    );
    const ledger = d.task(
      'ledger',
      syncTable({
        table: 'fin.ledger',
        source: 'a',
        target: 'b',
        where: "month = '{{ ds }}' and book = {{ item | hql }}",
      }),
      { expand: books, retries: 2 },
    );
    const countries = d.task('countries', syncTable({ table: 'ref.countries', source: 'a', target: 'b' }), {
      retries: 2,
    });
    const sumOfSource = d.task('sum_of_source', hiveQuery({ cluster: 'a', query: SUM, result: 'value' }));
    const sumOfCopy = d.task('sum_of_copy', hiveQuery({ cluster: 'b', query: SUM, result: 'value' }));
    const same = d.task(
      'same',
      hiveCheck({
        cluster: 'b',
        query: 'select {{ xcom.sum_of_source | hql }} = {{ xcom.sum_of_copy | hql }} as sums_are_equal',
      }),
    );
    const statistics = d.task(
      'statistics',
      hiveQuery({
        cluster: 'b',
        query: "analyze table fin.ledger partition (month = '{{ ds }}', book) compute statistics",
      }),
    );
    closed.then([books, countries]);
    books.then([ledger, sumOfSource]);
    chain([ledger, countries], sumOfCopy, same, statistics);
    sumOfSource.then(same);
  },
);
