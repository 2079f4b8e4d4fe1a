import { didYouMean, type Problem, shown } from '../sync/problems.ts';
import type { DagSpec, Json } from './spec.ts';

/** What a DAG can ask of the workers that run it. */
export type WorkerNames = { readonly clusters: readonly string[]; readonly activities: readonly string[] };

/**
 * What a DAG names that the config of its workers does not: clusters, as far as no template gives them, and activities of
 * the user's own.
 */
export function configProblems(spec: DagSpec, { clusters, activities }: WorkerNames): readonly Problem[] {
  return [
    ...unlistedActivities(spec, activities),
    ...spec.tasks.flatMap(({ taskId, action }) =>
      clustersOf(action.input)
        .filter(({ name }) => !clusters.includes(name))
        .map(({ field, name }) => ({
          path: `tasks.${taskId}.${field}`,
          message: `${shown(name)} is not a cluster of the config (${clusters.join(', ')})${didYouMean(name, clusters)}`,
        })),
    ),
  ];
}

/** Also hive-ferry's own activities are on a worker; a DAG reaches them only by its operators. */
export function unlistedActivities({ tasks, onEnd }: DagSpec, listed: readonly string[]): readonly Problem[] {
  const asked = [
    ...tasks.flatMap(({ taskId, action }) =>
      action.operator === 'activityTask' && action.kind === 'activity'
        ? [{ path: `tasks.${taskId}.activity`, name: action.activity }]
        : [],
    ),
    ...(onEnd === undefined ? [] : [{ path: 'onEnd.activity', name: onEnd.activity }]),
  ];
  return asked
    .filter(({ name }) => !listed.includes(name))
    .map(({ path, name }) => ({
      path,
      message: `${shown(name)} is not listed in dags.activities of temporal.config.ts (${listed.join(', ') || 'which lists none'})`,
    }));
}

const CLUSTER_FIELDS = ['cluster', 'source', 'target'];

function clustersOf(input: Json): readonly { readonly field: string; readonly name: string }[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return [];
  const fields = input as Readonly<Record<string, Json>>;
  return CLUSTER_FIELDS.flatMap((field) => {
    const value = fields[field];
    const name = typeof value === 'object' && value !== null && 'cluster' in value ? value.cluster : value;
    return typeof name === 'string' && !/\{[{%]/.test(name) ? [{ field, name }] : [];
  });
}
