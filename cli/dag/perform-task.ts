import { checkedInput } from '../../dag/operators/operator.ts';
import { OPERATORS } from '../../dag/operators/operators.ts';
import type { Json } from '../../dag/spec.ts';
import { syncXcom } from '../../dag/sync-xcom.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import { shown } from '../../sync/problems.ts';
import type { openTasksInProcess } from '../../workers/tasks-in-process.ts';
import type { Perform } from './play-dag.ts';

/** The XComs that faked tasks give, by task id; null where there is none. */
export type FakeXcoms = Readonly<Record<string, Json>>;

/** `--xcom list=["a","b"]`: what is no JSON is a text. */
export function fakeXcoms(pairs: readonly string[]): FakeXcoms {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new FerryError('SPEC_INVALID', `--xcom: ${shown(pair)} is not task=value`);
      return [pair.slice(0, at), jsonOr(pair.slice(at + 1))];
    }),
  );
}

/** Every task succeeds, once its rendered input has passed the check of its operator. */
export function fakePerform(xcoms: FakeXcoms): Perform {
  return async ({ taskId, action }, input) => {
    const operator = OPERATORS[action.operator];
    if (operator !== undefined) checkedInput(action.operator, operator.input, input);
    return { xcom: xcoms[taskId] ?? null, faked: true };
  };
}

/** Tasks do what they do, over the clusters; but those of activities of the user's own, which are not in this process. */
export function realPerform(
  tasks: Pick<ReturnType<typeof openTasksInProcess>, 'call' | 'sync'>,
  xcoms: FakeXcoms,
  signal: AbortSignal,
): Perform {
  const fake = fakePerform(xcoms);
  return async (task, input) => {
    const { action } = task;
    if (action.kind === 'workflow') {
      const outcome = await tasks.sync(input, signal);
      if (outcome.outcome === 'complete' || outcome.outcome === 'nothing-to-do') return { xcom: syncXcom(outcome) };
      const [failure] = outcome.failures;
      const why = failure === undefined ? '' : `: ${failure.partition}: ${failure.code}: ${failure.message}`;
      throw new FerryError(failure?.code ?? 'INTERNAL', `the sync ended as ${outcome.outcome}${why}`);
    }
    const activity = OPERATORS[action.operator]?.activity;
    if (activity === undefined) return fake(task, input);
    const result = await tasks.call(activity as Parameters<typeof tasks.call>[0], input, signal);
    return { xcom: (result ?? null) as Json };
  };
}

function jsonOr(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
