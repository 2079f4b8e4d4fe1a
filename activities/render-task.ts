import { choose } from '../dag/choose.ts';
import { render, taskVariables } from '../dag/render.ts';
import { activity, type Shared } from './activity.ts';
import type { DagActivities } from './dag-activities.ts';

/** Renders the templates of a task, and evaluates what a choose action asks. */
export function renderTask(shared: Shared): DagActivities['renderTask'] {
  return activity('renderTask', shared, async (_engine, { context, action, xcom, item, mapIndex }) => {
    const variables = taskVariables(context, {
      xcom,
      ...(item === undefined ? {} : { item }),
      ...(mapIndex === undefined ? {} : { mapIndex }),
    });
    const input = render(action.input, variables);
    return action.kind === 'choose' ? choose(action, input) : { kind: 'input' as const, input };
  });
}
