import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hiveqlProblems } from '../../../dag/hiveql-template.ts';
import { hqlLiteral } from '../../../dag/hql.ts';
import { render } from '../../../dag/render.ts';
import { compile } from '../../../dag/template.ts';
import { readPredicate } from '../../../sync/selection-syntax.ts';

const problems = (text: string) => hiveqlProblems(compile(text));

describe('a value from outside reaches HiveQL only through hql, as one literal', () => {
  it.each([
    "dt = '{{ ds }}'",
    'dt = {{ ds | hql }}',
    'region = {{ params.region | hql }}',
    'region in ({{ params.regions | hql }})',
    'region in ({{params.a | hql}}, {{params.b | upcase | hql}})',
    "dt between '{{ ds | ds_add: -7 }}' and '{{ ds }}' and n={{ params.n | hql }}",
    "select `it's` from t -- it's\nwhere x = {{ params.x | hql }}",
    "select 'it\\'s', \"\\\"'\" from t where x = {{ xcom.a.b | hql }};",
    'select /*+ MAPJOIN(b) */ * from t where x = {{ item | hql }}',
    'select date {{ params.day | hql }}',
    'where x = {{- params.x | hql }}',
    'insert into t partition (h=\'{{ data_interval_start | ds_format: "%Y-%m-%d %H" }}\') select 1',
    'x = \'{{ ds | append: "T00:00" | replace: "-", "/" }}\'',
    'select {{ map_index }}',
  ])('%s', (text) => {
    expect(problems(text)).toEqual([]);
  });

  it.each([
    ['x = {{ params.x }}', '{{ params.x }} would reach HiveQL as it is; write {{ params.x | hql }}'],
    [
      "x = '{{ params.x }}'",
      '{{ params.x }} would reach HiveQL as it is; write {{ params.x | hql }}, without the quotes around it',
    ],
    ['x = {{ xcom.a }}', '{{ xcom.a }} would reach HiveQL as it is; write {{ xcom.a | hql }}'],
    ['select * from {{ item }}', '{{ item }} would reach HiveQL as it is; write {{ item | hql }}'],
    [
      '-- {{ run_id }}',
      '{{ run_id }} would reach HiveQL as it is; write {{ run_id | hql }}, without the quotes around it',
    ],
    [
      "x = '{{ ds | append: params.x }}'",
      '{{ ds | append: params.x }} would reach HiveQL as it is; write {{ ds | append: params.x | hql }}, without the quotes around it',
    ],
    ['x = {{ params[item] }}', '{{ params[item] }} would reach HiveQL as it is; write {{ params[item] | hql }}'],
    [
      "x = '{{ params.x | hql }}'",
      '{{ params.x | hql }} stands in a quoted text; hql quotes by itself, so write it outside of it',
    ],
    [
      'x = "{{ params.x | hql }}"',
      '{{ params.x | hql }} stands in a quoted text; hql quotes by itself, so write it outside of it',
    ],
    [
      '`{{ params.x | hql }}`',
      '{{ params.x | hql }} stands in a quoted name; hql quotes by itself, so write it outside of it',
    ],
    [
      '1 -- {{ params.x | hql }}',
      '{{ params.x | hql }} stands in a comment; hql quotes by itself, so write it outside of it',
    ],
    [
      "-- \\\n'{{ params.x | hql }}'",
      '{{ params.x | hql }} stands in a quoted text; hql quotes by itself, so write it outside of it',
    ],
    [
      "'\\\\\\'{{ params.x | hql }}'",
      '{{ params.x | hql }} stands in a quoted text; hql quotes by itself, so write it outside of it',
    ],
    [
      "/* it's */ x = {{ params.x | hql }}",
      '{{ params.x | hql }} stands in or behind a /* comment */ with a quote or another comment in it; hql quotes by itself, so write it outside of it',
    ],
    [
      'x = {{ params.x | hql | remove: "\'" }}',
      '{{ params.x | hql | remove: "\'" }}: hql comes last, what follows it could undo its quotes',
    ],
    ['x = a{{ params.x | hql }}', '{{ params.x | hql }} joins on to what is beside it; write a blank between them'],
    ["x = {{ params.x | hql }}'a'", '{{ params.x | hql }} joins on to what is beside it; write a blank between them'],
    ['x = y -{{ params.x | hql }}', '{{ params.x | hql }} joins on to what is beside it; write a blank between them'],
    [
      'x = {{ "\'" | append: ds }}',
      '{{ "\'" | append: ds }} has "\'", which may change the HiveQL around it; end it with "| hql"',
    ],
    [
      'x = {{ ds | split: "-" }}',
      '{{ ds | split: "-" }} has "split", which may change the HiveQL around it; end it with "| hql"',
    ],
  ])('%s', (text, problem) => {
    expect(problems(text)).toEqual([problem]);
  });

  it('two literals that touch are each named', () => {
    expect(problems('x = {{ params.x | hql }}{{ params.y | hql }}')).toHaveLength(2);
  });
});

describe('case 22: whatever a value holds, it stays one literal', () => {
  const nasty = fc.constantFrom(
    "'",
    '"',
    '\\',
    '`',
    '\n',
    '\r',
    '--',
    '/*',
    '${',
    '{',
    ';',
    '%',
    '\u0000',
    '\u001a',
    '{{ ds }}',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(nasty).map((parts) => parts.join('')),
  );

  it('in a predicate of partitions, which reads it back as the value', () => {
    fc.assert(
      fc.property(texts, (value) => {
        const rendered = render('region = {{ params.x | hql }} and n = 1', { params: { x: value } });
        const syntax = readPredicate(String(rendered));
        expect(syntax).toMatchObject({ kind: 'and', of: [{ kind: 'compare', value: { kind: 'text' } }, {}] });
        expect(syntax).toMatchObject({ of: [{ value: { text: value } }, { value: { text: '1' } }] });
      }),
      { numRuns: 500 },
    );
  });

  it('in a statement, by the rules of the lexer of Hive: one token, which no quote inside ends', () => {
    // HiveLexerParent.g, StringLiteral: '\'' ( ~('\''|'\\') | ('\\' .) )* '\''
    const literal = /^'(?:[^'\\]|\\[\s\S])*'$/;
    fc.assert(
      fc.property(texts, (value) => {
        const rendered = String(render('{{ params.x | hql }}', { params: { x: value } }));
        expect(rendered).toMatch(literal);
        // HiveServer2 puts variables in before it parses; a newline would end a comment.
        expect(['$' + '{', '\n', '\r', '\u0000'].filter((odd) => rendered.includes(odd))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('numbers, true, false and null stand bare, lists as their literals', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
        (value) => {
          expect(hqlLiteral(value)).toMatch(/^(true|false|-?\d+(\.\d+)?(e[+-]\d+)?)$/);
        },
      ),
    );
    expect(hqlLiteral(["it's", 2, null])).toBe("'it\\'s', 2, null");
  });
});
