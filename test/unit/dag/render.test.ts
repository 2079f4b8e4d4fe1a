import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { intervalEndingAt } from '../../../dag/interval.ts';
import { render, runVariables, taskVariables } from '../../../dag/render.ts';
import type { Json, RunContext } from '../../../dag/spec.ts';
import { timetableOf } from '../../../dag/timetable.ts';
import { isFerryError } from '../../../errors/ferry-error.ts';

function context(schedule = '0 3 * * *', timezone = 'UTC', firedAt = '2026-11-25T03:00:00Z'): RunContext {
  const interval = intervalEndingAt(timetableOf(schedule, timezone), firedAt);
  if (interval === undefined) throw new Error(`${schedule} does not fire at ${firedAt}`);
  return { dagId: 'orders_daily', runId: 'dag/orders_daily', runType: 'scheduled', interval, timezone, params: {} };
}

describe('the variables of a run', () => {
  it('a run that fires at 2026-11-25T03:00Z renders the day before', () => {
    const text = '{{ ds }} {{ ds_nodash }} {{ ts }} {{ ts_nodash }} {{ logical_date }} {{ data_interval_end }}';
    expect(render(text, runVariables(context()))).toBe(
      '2026-11-24 20261124 2026-11-24T03:00:00+00:00 20261124T030000 2026-11-24T03:00:00+00:00 2026-11-25T03:00:00+00:00',
    );
  });

  it('ds is the date of the start in the zone of the DAG: midnight of the 25th in Shanghai renders 24', () => {
    const shanghai = context('0 0 * * *', 'Asia/Shanghai', '2026-11-24T16:00:00Z');
    expect(render('{{ ds }} {{ ts }}', runVariables(shanghai))).toBe('2026-11-24 2026-11-24T00:00:00+08:00');
    const newfoundland = context('0 0 * * *', 'America/St_Johns', '2026-11-25T03:30:00Z');
    expect(render('{{ ts }}', runVariables(newfoundland))).toBe('2026-11-24T00:00:00-03:30');
  });

  it('ids, params, XComs, and item and index of an instance', () => {
    const run = { ...context(), params: { region: 'eu' } };
    const variables = taskVariables(run, { xcom: { count: { rows: 7 } }, item: 'sales.orders', mapIndex: 2 });
    const text =
      '{{ dag_id }} {{ run_id }} {{ run_type }} {{ params.region }} {{ xcom.count.rows }} {{ item }} {{ map_index }}';
    expect(render(text, variables)).toBe('orders_daily dag/orders_daily scheduled eu 7 sales.orders 2');
    expect(() => render('{{ item }}', taskVariables(run, { xcom: {} }))).toThrow(/undefined variable: item/);
  });
});

const VARIABLES = {
  ds: '2026-11-24',
  data_interval_start: '2026-11-24T03:05:09+08:00',
  params: { text: 'x', list: [1, 2], none: null, object: { a: { 'b-c': 5 } }, empty: [] },
  xcom: { check: { rows: 3 } },
  item: 'a',
};

describe('filters', () => {
  it.each([
    ['{{ ds | ds_add: -7 }}', '2026-11-17'],
    ['{{ ds | ds_add: 7 | ds_nodash }}', '20261201'],
    ['{{ "2024-02-28" | ds_add: 1 }}', '2024-02-29'],
    ['{{ data_interval_start | ds }}', '2026-11-24'],
    ['{{ data_interval_start | ds_nodash }}', '20261124'],
    ['{{ data_interval_start | ts }}', '2026-11-24T03:05:09+08:00'],
    ['{{ "2026-11-24T03:00:00Z" | ts }}', '2026-11-24T03:00:00+00:00'],
    ['{{ data_interval_start | ts_nodash }}', '20261124T030509'],
    ['{{ ds | ds_format: "%Y/%m/%d" }}', '2026/11/24'],
    ['{{ data_interval_start | ds_format: "%y%j %H:%M:%S %%" }}', '26328 03:05:09 %'],
    ['{{ ds | ds_format: "%H" }}', '00'],
    ['{{ data_interval_start | ds_format: "hour=%-H/%-M/%-m/%Y" }}', 'hour=3/5/11/2026'],
    ['{{ ds | ds_format: "%-H" }}', '0'],
    ['{{ "it\'s" | hql }}', "'it\\'s'"],
    ['{{ params.list | hql }}', '1, 2'],
    ['{{ true | hql }} {{ params.none | hql }}', 'true null'],
    ['{{ "a/b=c" | partition_value }}', 'a%2Fb%3Dc'],
    ['{{ params.absent | default: "y" }}', 'y'],
    ['{{ 7 | times: 6 | minus: 2 }}', 40],
    ['{{ ds | upcase | append: params.text }}', '2026-11-24x'],
  ])('%s', (text, value) => {
    expect(render(text, VARIABLES)).toEqual(value);
  });

  it.each([
    ['{{ "2026-02-30" | ds_add: 1 }}', /ds_add: "2026-02-30" is no date/],
    ['{{ ds | ds_add: 1.5 }}', /ds_add: 1.5 is no whole number of days/],
    ['{{ ds | ds_add }}', /ds_add: null is no whole number of days/],
    ['{{ ds | ds_format: "%Q" }}', /ds_format: "%Q" is none of %Y/],
    ['{{ ds | ds_format: "%-Q" }}', /ds_format: "%-Q" is none of %Y/],
    ['{{ ds | ts }}', /ts: "2026-11-24" is no moment/],
    ['{{ params.object | hql }}', /hql: .* is no text, number, true, false, null or list of these/],
    ['{{ params.empty | hql }}', /hql: \[\] is an empty list/],
    ['{{ params.list | partition_value }}', /partition_value: \[1,2\] is no text/],
    ['{{ params.text | plus: 1 }}', /plus: "x" is no number/],
    ['{{ 1 | divided_by: 0 }}', /has no value that is a number/],
  ])('%s is refused', (text, message) => {
    expect(() => render(text, VARIABLES)).toThrow(message);
  });
});

describe('a field that is exactly one expression keeps its value; in a longer text it is text', () => {
  it.each([
    ['{{ params.list }}', [1, 2]],
    ['{{params.object}}', { a: { 'b-c': 5 } }],
    ['{{ params.object["a"].b-c }}', 5],
    ['{{ params.none }}', null],
    ['{{ xcom.check.rows > 2 }}', true],
    ['{{ not params.none and ds contains "2026" }}', true],
    [' {{ params.list }}', ' [1,2]'],
    ['{{ params.list }}{{ xcom.check.rows }}', '[1,2]3'],
    ['no expression: } {', 'no expression: } {'],
    ['{{ "{{" }} {{ "{%" }}', '{{ {%'],
  ])('%s', (text, value) => {
    expect(render(text, VARIABLES)).toEqual(value);
  });

  it('in every text of a value, but not in its keys', () => {
    const input = { '{{ ds }}': ['{{ ds }}', 1, null, { deep: 'dt={{ ds }}' }] };
    expect(render(input, VARIABLES)).toEqual({ '{{ ds }}': ['2026-11-24', 1, null, { deep: 'dt=2026-11-24' }] });
  });
});

describe('strict: whatever is not there, or is not one value with filters, is an error', () => {
  it.each([
    ['{{ dss }}', /\{\{ dss }} cannot be rendered: undefined variable: dss/],
    ['{{ params.absent }}', /undefined variable: params.absent/],
    ['{{ xcom.other.rows }}', /undefined variable: xcom.other/],
    ['a {{ params.none }}', /\{\{ params.none }} is null; give it a value/],
    ['{{ params.empty | first }}', /has no value/],
    ['{{ ds | nope }}', /undefined filter: nope; the filters are abs, append/],
    ['{{ ds ds }}', /is not one value with filters/],
    ['{{ ds, 5 }}', /is not one value with filters/],
    ['{{ ds | }}', /is not one value with filters/],
    ['{{ ds + 1 }}', /"\{\{ ds \+ 1 }}" is no template: expected "\|" before filter/],
    ['{{ ds | append: k: 1 }}', /has a named argument of append/],
    ['{{ ds', /is no template: output .* not closed/],
    ['{{ }}', /is no template/],
    ['{{ empty }}', /has no value/],
    ['{% if ds %}{% endif %}', /tag "if" is not known: a template has \{\{ expressions }} only/],
    ['{% raw %}{% endraw %}', /tag "raw" is not known/],
    ['{% include "/etc/passwd" %}', /tag "include" is not known/],
    ['{{ (1..1000000000) }}', /has a range/],
    ['{{ ds | append: (1..1000000000) }}', /has a range/],
    ['{{ macros.ds_add(ds, 5) }}', /is no template/],
  ])('%s', (text, message) => {
    expect(() => render(text, VARIABLES)).toThrow(message);
  });

  it('and every text that cannot be rendered is named in one error', () => {
    const input = { query: '{{ a }}', list: ['{{ ds }}', '{{ b }}'] };
    let thrown: unknown;
    try {
      render(input, VARIABLES);
    } catch (error) {
      thrown = error;
    }
    expect(isFerryError(thrown) && thrown.code).toBe('SPEC_INVALID');
    expect(isFerryError(thrown) && thrown.details.problems).toEqual([
      'query: {{ a }} cannot be rendered: undefined variable: a',
      'list[1]: {{ b }} cannot be rendered: undefined variable: b',
    ]);
  });
});

describe('no template runs code', () => {
  it.each([
    '{{ range.constructor("return process")() }}',
    '{{ ds.constructor.constructor("return process")() }}',
    '{{ ds.constructor }}',
    '{{ params.constructor }}',
    '{{ params["constructor"]["constructor"] }}',
    '{{ params.list.map }}',
    '{{ params.__proto__ }}',
    '{{ __proto__ }}',
    '{{ constructor }}',
    '{{ toString }}',
    '{{ hasOwnProperty }}',
    '{{ params.object | map: "constructor" | first }}',
    '{{ ds | constructor }}',
    '{{ ds | toString }}',
  ])('%s is an error', (text) => {
    expect(() => render(text, VARIABLES)).toThrow(/undefined|is no template|has no value/);
  });

  it('a value that looks like a template is plain text', () => {
    const values = [
      '{{ ds }}',
      '{% raw %}',
      "{{ range.constructor('return 1')() }}",
      '}}{{ ds }}{{',
      '$' + '{hiveconf:x}',
    ];
    for (const text of values) {
      expect(render('{{ params.x }}', { ds: 'd', params: { x: text } })).toBe(text);
      expect(render('a {{ params.x }} b', { ds: 'd', params: { x: text } })).toBe(`a ${text} b`);
    }
  });

  it('any value comes through as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Json;
        expect(render('{{ params.x }}', { params: { x: json } })).toEqual(json);
      }),
    );
  });
});
