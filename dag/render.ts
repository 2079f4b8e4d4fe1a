import { messageOf } from '../errors/ferry-error.ts';
import { type Problem, problemsError } from '../sync/problems.ts';
import type { Json, RunContext } from './spec.ts';
import { type Compiled, compile, type Expression, evaluate, isTemplate } from './template.ts';
import { offsetAt, toLocal } from './zone.ts';

/** What templates may read. */
export type TemplateVariables = Readonly<Record<string, Json>>;

/** What the templates of one task see besides its run: XComs by task id; item and index of an instance of a mapped task. */
export type TaskVariables = {
  readonly xcom: Readonly<Record<string, Json>>;
  readonly item?: Json;
  readonly mapIndex?: number;
};

/**
 * The variables of a run, by Airflow's names. `ds` is the date of the interval's start in the DAG's zone (Airflow's is
 * the one in UTC); moments are RFC 3339 texts with the zone's offset.
 */
export function runVariables(context: RunContext): TemplateVariables {
  const { timezone, interval } = context;
  const start = localMoment(timezone, Date.parse(interval.start));
  const ds = start.slice(0, 10);
  return {
    ds,
    ds_nodash: ds.replaceAll('-', ''),
    ts: start,
    ts_nodash: start.slice(0, 19).replace(/[-:]/g, ''),
    logical_date: start,
    data_interval_start: start,
    data_interval_end: localMoment(timezone, Date.parse(interval.end)),
    dag_id: context.dagId,
    run_id: context.runId,
    run_type: context.runType,
    params: context.params,
  };
}

/** runVariables, with those of one task. */
export function taskVariables(context: RunContext, { xcom, item, mapIndex }: TaskVariables): TemplateVariables {
  return {
    ...runVariables(context),
    xcom,
    ...(item === undefined ? {} : { item }),
    ...(mapIndex === undefined ? {} : { map_index: mapIndex }),
  };
}

/**
 * Puts values in the place of the expressions of every text in a JSON value; keys are left as they are. A text that is
 * exactly one `{{ expression }}` becomes its value, of whatever type; within a longer text a list or an object stands as
 * JSON. A value is never read as a template again.
 * @throws FerryError SPEC_INVALID that lists every text that cannot be rendered.
 */
export function render(input: Json, variables: TemplateVariables): Json {
  const problems: Problem[] = [];
  const rendered = mapTexts(input, '', (text, path) => {
    try {
      return isTemplate(text) ? renderText(compile(text), variables) : text;
    } catch (error) {
      problems.push({ path, message: messageOf(error) });
      return text;
    }
  });
  if (problems.length > 0) throw problemsError('SPEC_INVALID', 'The templates cannot be rendered', problems);
  return rendered;
}

/** Calls `change` for every text in a JSON value, with its path ('where', 'afterRefresh[1]'), and puts in what it returns. */
export function mapTexts(input: Json, path: string, change: (text: string, path: string) => Json): Json {
  if (typeof input === 'string') return change(input, path);
  if (Array.isArray(input)) return input.map((each, index) => mapTexts(each, `${path}[${index}]`, change));
  if (typeof input !== 'object' || input === null) return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key, mapTexts(value, path === '' ? key : `${path}.${key}`, change)]),
  );
}

function renderText(parts: Compiled, variables: TemplateVariables): Json {
  const [only] = parts;
  if (only?.kind === 'expression' && parts.length === 1) return evaluate(only, variables);
  return parts.map((part) => (part.kind === 'text' ? part.text : textOf(part, evaluate(part, variables)))).join('');
}

function textOf(expression: Expression, value: Json): string {
  if (typeof value === 'string') return value;
  if (value === null)
    throw new Error(`${expression.written} is null; give it a value, or write "| default: ..." behind it`);
  return JSON.stringify(value);
}

function localMoment(timezone: string, at: number): string {
  const offset = offsetAt(timezone, at);
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const local = new Date(toLocal(timezone, at)).toISOString().replace(/(\.000)?Z$/, '');
  return `${local}${offset < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}
