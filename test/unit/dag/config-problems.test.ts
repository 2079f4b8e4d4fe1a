import { describe, expect, it } from '@jest/globals';
import { configProblems } from '../../../dag/config-problems.ts';
import { dag } from '../../../dag/dag.ts';
import { activityTask } from '../../../dag/operators/activity-task.ts';
import { hiveQuery } from '../../../dag/operators/hive-query.ts';
import { syncTable } from '../../../dag/operators/sync-table.ts';

const SPEC = dag('d', { onEnd: { activity: 'tellUs', input: null } }, (d) => {
  d.task('own', activityTask({ activity: 'load' }));
  d.task('sync', syncTable({ table: 'a.b', source: 'prod', target: { cluster: 'lakr' } }));
  d.task('query', hiveQuery({ cluster: 'lake', query: 'show tables' }));
  d.task('each', syncTable({ table: 'a.b', source: '{{ item }}', target: 'lake' }), { expand: ['prod'] });
});

describe('configProblems', () => {
  it('names what the config has not: clusters that no template gives, and activities', () => {
    expect(configProblems(SPEC, { clusters: ['prod', 'lake'], activities: [] })).toEqual([
      {
        path: 'tasks.own.activity',
        message: '"load" is not listed in dags.activities of temporal.config.ts (which lists none)',
      },
      {
        path: 'onEnd.activity',
        message: '"tellUs" is not listed in dags.activities of temporal.config.ts (which lists none)',
      },
      {
        path: 'tasks.sync.target',
        message: '"lakr" is not a cluster of the config (prod, lake); did you mean "lake"?',
      },
    ]);
  });

  it('finds none where all is there', () => {
    expect(configProblems(SPEC, { clusters: ['prod', 'lake', 'lakr'], activities: ['load', 'tellUs'] })).toEqual([]);
  });
});
