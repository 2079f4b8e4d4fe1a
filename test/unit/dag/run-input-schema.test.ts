import { describe, expect, it } from '@jest/globals';
import { checkBackfillInput, checkRunInput } from '../../../dag/run-input-schema.ts';
import { FerryError } from '../../../errors/ferry-error.ts';

function problemsOf(check: () => unknown): readonly string[] {
  try {
    check();
  } catch (error) {
    if (error instanceof FerryError && error.code === 'SPEC_INVALID')
      return error.details.problems as readonly string[];
    throw error;
  }
  return [];
}

describe('checkRunInput', () => {
  it.each([
    { dag: 'orders_daily' },
    { dag: 'orders_daily', interval: '2026-11-24', params: { region: 'eu', days: [1, 2] }, rerun: true },
    { dag: 'orders_daily', interval: { start: '2026-11-24T03:00:00Z', end: '2026-11-25T03:00:00Z' } },
    { spec: { dagId: 'x' }, signature: 'abc', runType: 'backfill' },
  ])('takes %j as it is', (input) => {
    expect(checkRunInput(input)).toEqual(input);
  });

  it('lists every problem at once', () => {
    const input = { dag: '', interval: 'yesterday', rerun: 'yes', runType: 'weekly', intervall: 1 };
    expect(problemsOf(() => checkRunInput(input))).toEqual([
      'dag: "" is not the dag_id of a DAG that this worker has, such as "orders_daily"',
      expect.stringMatching(/^interval: "yesterday" is not a date such as/),
      'rerun: "yes" is not true or false',
      'runType: "weekly" is not one of "scheduled", "manual", "backfill"',
      'intervall: is not a known key; did you mean "interval"?',
    ]);
  });

  it.each([
    [{}, 'dag: is missing; give the dag_id of a DAG that this worker has'],
    [{ dag: 'a', spec: {} }, 'dag: "a" and a spec were both given; leave one out'],
    [{ dag: 'a', signature: 'x' }, 'signature: is of a spec, and none was given; leave it out'],
    ['orders_daily', '"orders_daily" is not an object such as {"dag": "orders_daily"}'],
    [undefined, 'is missing; give an object such as {"dag": "orders_daily"}'],
  ])('refuses %j', (input, problem) => {
    expect(problemsOf(() => checkRunInput(input))).toEqual([problem]);
  });
});

describe('checkBackfillInput', () => {
  it('takes dates, and moments', () => {
    const input = { dag: 'a', from: '2026-11-01', to: '2026-11-03T00:00:00Z', maxActive: 5, rerun: 'failed' };
    expect(checkBackfillInput(input)).toEqual(input);
  });

  it('lists every problem at once', () => {
    expect(problemsOf(() => checkBackfillInput({ from: '2026-11-01 03:00', maxActive: 0, rerun: true }))).toEqual([
      'from: "2026-11-01 03:00" is not a date such as "2026-11-01", or a moment with its offset such as "2026-11-01T03:00:00Z"',
      expect.stringMatching(/^to: is missing; give a date/),
      'maxActive: 0 is not a whole number from 1 to 100',
      'rerun: true is not one of "failed", "all"',
      'dag: is missing; give the dag_id of a DAG that this worker has',
    ]);
  });
});
