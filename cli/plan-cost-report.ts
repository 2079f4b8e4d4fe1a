import type { CallCounts, PlannedCalls } from '../sync/plan-calls.ts';
import type { PlanSpace } from '../sync/plan-space.ts';
import type { Room } from '../sync/space.ts';
import { bytesText, countText } from './quantities.ts';

/** What a run would cost: calls of both namenodes, room on the target's disks, and each quota that it has to fit into. */
export function costLines(
  { space, calls }: { readonly space: PlanSpace; readonly calls: PlannedCalls },
  { source, target }: { readonly source: string; readonly target: string },
): readonly string[] {
  const total = calls.source.total + calls.target.total;
  return [
    `about ${total} namenode calls: ${sideText(calls.source, source)}; ${sideText(calls.target, target)}`,
    ...(space.names > 0 ? [spaceText(space, target)] : []),
    ...space.rooms.map((room) => roomLine(room)),
    ...(space.unread.length > 0 ? [`quotas that are not told: ${space.unread.join(', ')}`] : []),
  ];
}

/** True when the run would be refused, as it stands, for want of room. */
export function isFull({ rooms }: PlanSpace): boolean {
  return rooms.some(({ fits }) => fits === 'no');
}

const KINDS_SHOWN = 3;

/** 'a 350 (200 status, 150 list)': the most frequent kinds. */
function sideText({ total, of }: { readonly total: number; readonly of: CallCounts }, cluster: string): string {
  const kinds = Object.entries(of).sort(([, a], [, b]) => b - a);
  const shown = kinds.slice(0, KINDS_SHOWN).map(([kind, count]) => `${count} ${kind}`);
  return `${cluster} ${total} (${[...shown, ...(kinds.length > KINDS_SHOWN ? ['...'] : [])].join(', ')})`;
}

function spaceText({ bytes, space, names, factor, assumed }: PlanSpace, target: string): string {
  const kept = `${bytesText(space)} of its disks (${Number(factor.toFixed(2))} times the bytes${assumed ? ', assumed' : ''})`;
  return `at its peak ${target} holds ${bytesText(bytes)} more, ${kept}, under ${countText(names, 'new name')}`;
}

const VERDICTS: Record<Room['fits'], string> = {
  yes: 'it fits',
  tight: 'it fits only just: what is written at once may find no room',
  no: 'IT DOES NOT FIT: a sync would be refused',
};

function roomLine({ path, kind, limit, used, needed, fits }: Room): string {
  const text = (count: number) => (kind === 'space' ? bytesText(count) : String(count));
  const quota = `${kind === 'space' ? 'space' : 'name'} quota of ${path}`;
  return `${quota}: ${text(limit)}, ${text(used)} used, ${text(needed)} needed: ${VERDICTS[fits]}`;
}
