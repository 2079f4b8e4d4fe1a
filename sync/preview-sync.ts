import type { Reader } from './engine.ts';
import type { ResolvedSpec } from './outcome.ts';
import type { Plan } from './plan.ts';
import { type PlannedCalls, plannedCalls } from './plan-calls.ts';
import { type PlanSpace, planSpace } from './plan-space.ts';
import { planSync } from './plan-sync.ts';
import { assertStagePlaces } from './stage-places.ts';

/** A plan with what it would cost. */
export type Preview = { readonly plan: Plan; readonly space: PlanSpace; readonly calls: PlannedCalls };

/** What a sync would do and need. Writes nothing, and refuses what planSync and assertStagePlaces do; room that is not there is told. */
export async function previewSync(reader: Reader, spec: ResolvedSpec): Promise<Preview> {
  const plan = await planSync(reader, spec);
  await assertStagePlaces(reader, plan);
  return { plan, space: await planSpace(reader, plan), calls: plannedCalls(plan) };
}
