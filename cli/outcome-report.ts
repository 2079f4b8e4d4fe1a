import { CODES } from '../errors/codes.ts';
import { untried } from '../sync/make-outcome.ts';
import type { Outcome, OutcomeKind, PartitionFailure } from '../sync/outcome.ts';
import { bytesText, countText, durationText, rateText } from './quantities.ts';
import type { Colors } from './terminal.ts';
import { wrapped } from './wrapped.ts';

export type ReportLayout = {
  readonly columns: number;
  readonly colors: Colors;
  /** The command that goes on where an unfinished run stopped. */
  readonly goOn: string;
};

const SHOWN_A_CODE = 5;
const HEADS: Record<OutcomeKind, string> = {
  complete: 'complete',
  'nothing-to-do': 'nothing to do',
  partial: 'not all of it',
  failed: 'failed',
  refused: 'refused before a byte moved',
  cancelled: 'cancelled',
};

/** What a person reads when a run has ended: how it went, what is whole and what is not and why, how to go on. */
export function outcomeReport(outcome: Outcome, layout: ReportLayout): string {
  const { colors } = layout;
  const good = outcome.outcome === 'complete' || outcome.outcome === 'nothing-to-do';
  const head = `${outcome.table}, ${outcome.source} -> ${outcome.target}: ${HEADS[outcome.outcome]}`;
  return [
    `${good ? colors.green('✓') : colors.red('✗')} ${colors.bold(head)} ${colors.dim(`(${durationText(outcome.seconds)})`)}`,
    ...(outcome.partitions.selected > 0 ? wrapped(wholeText(outcome), layout.columns, '  ') : []),
    ...(outcome.files.copied + outcome.files.reused > 0 ? wrapped(workText(outcome), layout.columns, '  ') : []),
    ...outcome.drift.flatMap((line) => wrapped(`drift: ${line}`, layout.columns, '  ')),
    ...(outcome.snapshotsKept ?? []).flatMap((kept) => wrapped(`to be deleted by hand: ${kept}`, layout.columns, '  ')),
    ...failureLines(outcome, layout),
    ...(good ? [] : [`  ${goOnText(outcome, layout.goOn, colors)}`]),
    ...(outcome.uiUrl === undefined ? [] : [`  ${outcome.uiUrl}`]),
  ].join('\n');
}

function goOnText({ outcome, partitions }: Outcome, command: string, { bold }: Colors): string {
  if (outcome === 'refused') return `When that is mended: ${bold(command)}`;
  const onlyDiverged = partitions.diverged > 0 && partitions.failed + partitions.skipped === 0;
  if (onlyDiverged && outcome !== 'cancelled')
    return `To replace what diverged: ${bold(`${command} --overwrite diverged`)}`;
  return `To go on: ${bold(command)} (it copies only what is missing)`;
}

function wholeText({ outcome, partitions, attributesMended = 0 }: Outcome): string {
  const { selected, unchanged, published, diverged, failed, skipped, pruned } = partitions;
  const whole = unchanged + published;
  const onSource = selected - pruned;
  const parts = (counts: readonly [number, string][]) =>
    counts
      .filter(([count]) => count > 0)
      .map(([count, what]) => `${count} ${what}`)
      .join(', ');
  const now = parts([
    [published, 'published now'],
    [unchanged, 'unchanged'],
  ]);
  const not = parts([
    [failed, outcome === 'cancelled' ? 'not copied' : 'failed'],
    [diverged, 'diverged'],
    [skipped, 'skipped'],
    [untried(partitions), 'not tried'],
  ]);
  return [
    ...(onSource > 0
      ? [`${whole} of ${countText(onSource, 'partition')} whole on the target${now === '' ? '' : `: ${now}`}`]
      : []),
    ...(not === '' ? [] : [`not: ${not}`]),
    ...(attributesMended > 0 ? [`attributes of ${countText(attributesMended, 'partition')} mended`] : []),
    ...(pruned > 0 ? [`${pruned} pruned`] : []),
  ].join(' · ');
}

function workText({ files, bytes, nodes, seconds, rounds }: Outcome): string {
  const peak = nodes.reduce(
    (most, node) => (node.peakMemoryBytes > (most?.peakMemoryBytes ?? -1) ? node : most),
    nodes[0],
  );
  return [
    `${bytesText(bytes.copied)} in ${countText(files.copied, 'file')} copied${files.reused > 0 ? `, ${files.reused} reused` : ''}`,
    ...(bytes.copied > 0 && seconds > 0 ? [rateText(bytes.copied / seconds)] : []),
    ...(peak === undefined
      ? []
      : [
          `${countText(new Set(nodes.map(({ index }) => index)).size, 'node')}, peak memory ${bytesText(peak.peakMemoryBytes)} of ${bytesText(peak.budgetBytes)}`,
        ]),
    ...(rounds > 1 ? [countText(rounds, 'round')] : []),
  ].join(' · ');
}

/** By code, since partitions mostly fail for one reason: the hint once, the first partitions with their words. */
function failureLines(
  { outcome, failures, failuresPath }: Outcome,
  { columns, colors }: ReportLayout,
): readonly string[] {
  const byCode = new Map<string, PartitionFailure[]>();
  // Nothing failed in a partition that a cancelled run did not reach.
  const told = failures.filter(({ code }) => outcome !== 'cancelled' || code !== 'INTERNAL');
  for (const failure of told) byCode.set(failure.code, [...(byCode.get(failure.code) ?? []), failure]);
  const lines = [...byCode].flatMap(([code, of]) => [
    `  ${colors.red(code)}${of.every(({ partition }) => !isPartition(partition)) ? '' : ` ${countText(of.length, 'partition')}`}`,
    ...of
      .slice(0, SHOWN_A_CODE)
      .flatMap(({ partition, message }) =>
        wrapped(isPartition(partition) ? `${partition}: ${message}` : message, columns, '    '),
      ),
    ...(of.length > SHOWN_A_CODE ? [`    and ${of.length - SHOWN_A_CODE} more`] : []),
    ...wrapped(`Hint: ${of[0]?.hint ?? CODES.INTERNAL.hint}`, columns, '    ').map((line) => colors.dim(line)),
  ]);
  return failuresPath === undefined ? lines : [...lines, `  All of them: ${failuresPath} on the target`];
}

/** A step that failed as a whole blames no partition. */
function isPartition(name: string): boolean {
  return name !== '' && name !== '(the run)';
}
