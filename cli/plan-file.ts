import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { FerryError, messageOf } from '../errors/ferry-error.ts';
import type { Plan } from '../sync/plan.ts';
import { type PlanLine, planDigest, planLines } from '../sync/plan-lines.ts';
import { asInput, type FullSpec } from '../sync/spec-identity.ts';

/** The file of `ferry plan --out`: what was asked for, with every option named, and what was decided. */
export type PlanFileDocument = {
  readonly schemaVersion: 1;
  readonly madeAt: string;
  readonly digest: string;
  readonly spec: FullSpec;
  readonly lines: readonly PlanLine[];
};

/** Writes the file whole or not at all. */
export function writePlanFile(path: string, plan: Plan, madeAt: Date): void {
  const lines = planLines(plan);
  const { planDigest: _, ...spec } = asInput(plan.spec);
  const document: PlanFileDocument = {
    schemaVersion: 1,
    madeAt: madeAt.toISOString(),
    digest: planDigest(lines),
    spec,
    lines,
  };
  try {
    writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(document, null, 1)}\n`);
    renameSync(`${path}.${process.pid}`, path);
  } catch (error) {
    throw new FerryError('SPEC_INVALID', `--out: ${messageOf(error)}`, { cause: error });
  }
}

/** Throws SPEC_INVALID for a file that is none of `ferry plan --out`, or was changed since. */
export function readPlanFile(path: string): PlanFileDocument {
  let document: Partial<PlanFileDocument> | null;
  try {
    document = JSON.parse(readFileSync(path, 'utf8')) as Partial<PlanFileDocument> | null;
  } catch (error) {
    throw new FerryError('SPEC_INVALID', `--plan: ${path}: ${messageOf(error)}`, { cause: error });
  }
  const { schemaVersion, digest, spec, lines } = document ?? {};
  if (schemaVersion !== 1 || digest === undefined || typeof spec !== 'object' || !Array.isArray(lines))
    throw new FerryError('SPEC_INVALID', `--plan: ${path} was not written by ferry plan --out`);
  if (planDigest(lines as readonly PlanLine[]) !== digest)
    throw new FerryError('SPEC_INVALID', `--plan: ${path} was changed after ferry plan --out wrote it`);
  return document as PlanFileDocument;
}
