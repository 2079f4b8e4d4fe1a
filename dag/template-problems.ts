import { messageOf } from '../errors/ferry-error.ts';
import { didYouMean, type Problem, shown } from '../sync/problems.ts';
import { FROM_OUTSIDE, hiveqlProblems } from './hiveql-template.ts';
import { mapTexts, runVariables } from './render.ts';
import type { Json } from './spec.ts';
import { type Compiled, compile, type Expression, evaluate, isTemplate, type VariablePath } from './template.ts';

/** What the templates of one input may read. */
export type TemplateScope = {
  /** The names of the DAG's params. */
  readonly params: readonly string[];
  /** The tasks upstream of this one, directly or not. */
  readonly upstream: ReadonlySet<string>;
  /** The task has `expand`. */
  readonly mapped: boolean;
  /** The fields of the input whose texts become HiveQL. */
  readonly hiveql: readonly string[];
};

/** What a run would give to the templates that read nothing from outside: to find out what their filters refuse. */
const SAMPLE = runVariables({
  dagId: 'sample',
  runId: 'sample',
  runType: 'scheduled',
  interval: { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' },
  timezone: 'UTC',
  params: {},
});
const KNOWN = [...Object.keys(SAMPLE), 'xcom', 'item', 'map_index'];

/** What is wrong with the templates of an input, text by text, before there is a run. Paths are those of the input. */
export function templateProblems(input: Json, scope: TemplateScope): readonly Problem[] {
  const problems: Problem[] = [];
  mapTexts(input, '', (text, path) => {
    if (isTemplate(text)) problems.push(...textProblems(text, path, scope).map((message) => ({ path, message })));
    return text;
  });
  return problems;
}

function textProblems(text: string, path: string, scope: TemplateScope): readonly string[] {
  let parts: Compiled;
  try {
    parts = compile(text);
  } catch (error) {
    return [messageOf(error)];
  }
  const becomesHiveql = scope.hiveql.includes(/^\w+/.exec(path)?.[0] ?? '');
  return [
    ...parts.flatMap((part) => (part.kind === 'text' ? [] : expressionProblems(part, scope))),
    ...(becomesHiveql ? hiveqlProblems(parts) : []),
  ];
}

function expressionProblems(expression: Expression, scope: TemplateScope): readonly string[] {
  const { written, reads } = expression;
  const unreadable = reads.flatMap((path) => {
    const problem = pathProblem(path, scope);
    return problem === undefined ? [] : [`${written} ${problem}`];
  });
  const certain = reads.every(([root]) => root !== 'map_index' && !FROM_OUTSIDE.includes(root ?? ''));
  if (unreadable.length > 0 || !certain) return unreadable;
  try {
    evaluate(expression, SAMPLE);
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

function pathProblem([root = '', name]: VariablePath, scope: TemplateScope): string | undefined {
  switch (root) {
    case 'params':
      return name === undefined || scope.params.includes(name) ? undefined : unknownParam(name, scope.params);
    case 'xcom':
      return xcomProblem(name, scope.upstream);
    case 'item':
    case 'map_index':
      return scope.mapped ? undefined : `reads ${root}, which only a task with expand has`;
    default:
      return KNOWN.includes(root)
        ? undefined
        : `reads ${shown(root)}, which is none of ${KNOWN.join(', ')}${didYouMean(root, KNOWN)}`;
  }
}

function unknownParam(name: string, params: readonly string[]): string {
  return `reads the param ${shown(name)}, which the DAG does not have; give it a default under params${didYouMean(name, params)}`;
}

function xcomProblem(taskId: string | undefined, upstream: ReadonlySet<string>): string | undefined {
  if (taskId === undefined) return 'reads an XCom without the id of its task; write xcom.<task_id>';
  if (upstream.has(taskId)) return undefined;
  const known = upstream.size === 0 ? 'nothing is' : `upstream are ${[...upstream].sort().join(', ')}`;
  return `reads the XCom of ${shown(taskId)}, which is not upstream of this task; ${known}${didYouMean(taskId, [...upstream])}`;
}
