import { sha256 } from './control-file.ts';
import { labelOf, type Plan } from './plan.ts';
import { outsideSnapshot } from './snapshots.ts';

/** One thing that a plan decides, and the facts that the decision stands on. */
export type PlanLine = { readonly about: string; readonly facts: Readonly<Record<string, string>> };

type Planned = Pick<Plan, 'spec' | 'strategy' | 'location' | 'changes' | 'partitions'>;

/**
 * A plan as plain lines: equal lines are the same decisions over the same state of both sides, whichever run they are
 * made for. How the work is divided (nodes, rounds) is no part of it.
 */
export function planLines({ spec, strategy, location, changes, partitions }: Planned): readonly PlanLine[] {
  const at = ({ cluster, database, table }: Plan['spec']['source']) => `${cluster}/${database}.${table}`;
  return [
    { about: 'the table', facts: { source: at(spec.source), target: at(spec.target), strategy, location } },
    ...changes.map((change, index) => ({
      about: `change ${index + 1} of the target table`,
      facts: { change: JSON.stringify(change) },
    })),
    ...partitions.map(({ name, finding, attributesDiffer, from, live, sourceDigest, planned, registeredAt }) => ({
      about: labelOf(name),
      facts: {
        finding,
        'source folder': outsideSnapshot(from),
        'source files': sourceDigest,
        'target folder': live,
        'target files': planned === undefined ? 'none' : `${planned.folderId}:${planned.digest}`,
        'registered at': registeredAt ?? 'nowhere',
        ...(attributesDiffer !== undefined && { 'other attributes': String(attributesDiffer) }),
      },
    })),
  ];
}

/** SHA-256 of the lines, in hex: what a spec carries to be held to a plan. */
export function planDigest(lines: readonly PlanLine[]): string {
  return sha256(Buffer.from(lines.map(({ about, facts }) => JSON.stringify([about, facts])).join('\n')));
}

/** Facts that mean nothing to a person. */
const OPAQUE = new Set(['source files', 'target files', 'change']);

/** What is planned otherwise now, a line each: 'dt=2026-01-01: finding new -> unchanged, target files changed'. */
export function planDifferences(before: readonly PlanLine[], now: readonly PlanLine[]): readonly string[] {
  const [was, is] = [byName(before), byName(now)];
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((about) => {
    const [old, fresh] = [was.get(about), is.get(about)];
    if (old === undefined) return [`${about}: not in the plan, now ${fresh?.finding ?? 'there'}`];
    if (fresh === undefined) return [`${about}: ${old.finding ?? 'there'} in the plan, now gone`];
    const moved = Object.keys({ ...old, ...fresh })
      .filter((fact) => old[fact] !== fresh[fact])
      .map((fact) => (OPAQUE.has(fact) ? `${fact} changed` : `${fact} ${old[fact]} -> ${fresh[fact]}`));
    return moved.length === 0 ? [] : [`${about}: ${moved.join(', ')}`];
  });
}

function byName(lines: readonly PlanLine[]): ReadonlyMap<string, PlanLine['facts']> {
  return new Map(lines.map(({ about, facts }) => [about, facts]));
}
