import { untried } from '../sync/make-outcome.ts';
import type { Ending, NodeRef, Outcome, PlanRef, ResolvedSpec } from '../sync/outcome.ts';

/** The update that pauses a run: takes nothing, gives the PauseState once nothing of the run goes on, 'paused'. */
export const PAUSE = 'pause';
/** The update that lets a paused run go on from what is on disk: takes nothing, gives the PauseState. */
export const RESUME = 'resume';
/** The query for the RunState. */
export const STATE = 'state';

/** 'pausing': asked for, and what is in hand is still being let go. */
export type PauseState = 'running' | 'pausing' | 'paused';

/** What a run says of itself when it is asked; what its nodes do stands in their heartbeats. */
export type RunState = {
  readonly state: PauseState;
  /** The step in hand, or before which a paused run waits: 'load and write'. */
  readonly step: string;
  readonly round: number;
  readonly nodes: { readonly ended: number; readonly of: number };
};

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** 9_800_000_000 -> '9.1 GiB', for people: at most one digit after the point. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 'B';
  for (const next of UNITS) {
    if (value < 1023.95) break;
    value /= 1024;
    unit = next;
  }
  return `${unit === 'B' ? value : value.toFixed(1).replace(/\.0$/, '')} ${unit}`;
}

/** 1 -> '1 partition', 42 -> '42 partitions'. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** 'node 3/16 · 42 partitions · 9.1 GiB' */
export function nodeSummary(node: NodeRef): string {
  const again = node.round > 1 ? ` · round ${node.round}` : '';
  return `node ${node.index}/${node.of} · ${countText(node.partitions, 'partition')} · ${sizeText(node.bytes)}${again}`;
}

/** A partition's name; an unpartitioned table is its own one part, of no name. */
export function partitionText(partition: string): string {
  return partition === '' ? 'the whole table' : partition;
}

/** 'sales.orders, a -> b'; the target's table is named too where it is another. */
export function syncLabel(spec: ResolvedSpec): string {
  const source = `${spec.source.database}.${spec.source.table}`;
  const target = `${spec.target.database}.${spec.target.table}`;
  return `${source}, ${spec.source.cluster} -> ${spec.target.cluster}${target === source ? '' : ` (as ${target})`}`;
}

/** '60 selected: 12 to copy, 48 unchanged · 4 nodes' */
export function planText(plan: PlanRef): string {
  const { selected, toCopy, unchanged, diverged } = plan.counts;
  const parts = [`${toCopy} to copy`, `${unchanged} unchanged`];
  if (diverged > 0) parts.push(`${diverged} diverged`);
  if (plan.counts.attributes !== undefined) parts.push(`${plan.counts.attributes} with other attributes`);
  if (plan.toRegister > 0) parts.push(`${plan.toRegister} to register`);
  return `${selected} selected: ${parts.join(', ')} · ${countText(plan.nodes.length, 'node')}`;
}

/** The command, or else the way, that goes on where an unfinished run stopped. */
export function goOnText(spec: ResolvedSpec): string {
  const plain =
    spec.partitions === undefined &&
    spec.target.location === undefined &&
    spec.source.database === spec.target.database &&
    spec.source.table === spec.target.table;
  if (!plain) return 'To go on, start it again with the same input; it copies only what is missing.';
  const { database, table, cluster } = spec.source;
  return `To go on: ferry sync ${database}.${table} --source ${cluster} --target ${spec.target.cluster} (it copies only what is missing)`;
}

const SHOWN_FAILURES = 5;

/** Why a run did not end well, what is whole and what is not, and how to go on. `failure`: what ended a step as a whole. */
export function outcomeText(spec: ResolvedSpec, outcome: Outcome, failure: Ending['failure']): string {
  const { selected, unchanged, published, failed, diverged, skipped, pruned } = outcome.partitions;
  const lines = [`${syncLabel(spec)}: ${outcome.outcome}.`];
  if (failure !== undefined) lines.push(`${failure.code}: ${failure.message}`, failure.hint);
  // A partition that the failure kept from its turn carries the failure's message; it is told once.
  const others = outcome.failures.filter((each) => each.message !== failure?.message);
  for (const { partition, code, message } of others.slice(0, SHOWN_FAILURES))
    lines.push(`  ${partitionText(partition)}: ${code}: ${message}`);
  if (others.length > SHOWN_FAILURES) lines.push(`  and ${others.length - SHOWN_FAILURES} more`);
  if (outcome.failuresPath !== undefined) lines.push(`  all of them: ${outcome.failuresPath} on ${outcome.target}`);
  if (selected > 0) {
    const whole = unchanged + published;
    const rest = selected - pruned - whole;
    const split = [
      `${failed} failed, ${diverged} diverged`,
      ...(skipped > 0 ? [`${skipped} skipped`] : []),
      `${untried(outcome.partitions)} not tried`,
    ].join(', ');
    lines.push(
      `Whole at the target: ${whole} of ${countText(selected - pruned, 'partition')} (${published} copied now, ${unchanged} unchanged).` +
        (pruned > 0 ? ` Pruned: ${pruned}.` : '') +
        (rest > 0 ? ` Not: ${rest} (${split}).` : ''),
    );
  }
  lines.push(goOnText(spec));
  return lines.join('\n');
}
