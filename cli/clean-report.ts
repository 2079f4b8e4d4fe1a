import type { Kept, KeptWhy } from '../sync/clean-report.ts';
import type { CleanResult } from '../sync/clean-tables.ts';
import { bytesText, countText } from './quantities.ts';
import { tableText } from './tables.ts';
import type { Colors } from './terminal.ts';

const WHY: Readonly<Record<KeptWhy, string>> = {
  retained: 'its time is not over',
  'only-copy': 'the only copy of the partition',
  foreign: 'not as hive-ferry left it',
  'no-run': 'made by no run on record',
};

/** Why something stays, for people. */
export function whyKept({ why }: Pick<Kept, 'why'>): string {
  return WHY[why];
}

/** What a person reads of a cleaning: what came back, what went, and what stays until somebody says so. */
export function cleanReportText(
  result: CleanResult,
  { columns, colors }: { readonly columns: number; readonly colors: Colors },
): string {
  const { total, dryRun, restored, deleted, kept, failures, forgottenIntervals = 0 } = result;
  const would = dryRun ? 'would be ' : '';
  const layout = { columns, colors };
  const section = (title: string, head: readonly string[], rows: readonly (readonly string[])[], all: number) =>
    rows.length === 0
      ? []
      : [
          colors.bold(title),
          tableText(head, rows, layout),
          ...(all > rows.length ? [colors.dim(`and ${all - rows.length} more`)] : []),
        ];
  return [
    ...section(
      `${would}put back`,
      ['table', 'partition', 'at'],
      restored.map(({ table, partition, path }) => [table, partition, path]),
      total.restored,
    ),
    ...section(
      `${would}deleted`,
      ['table', 'what', 'size', 'path'],
      deleted.map(({ table, what, partition, bytes, path }) => [
        table,
        what === 'records' ? 'records of a run' : `${what} ${partition ?? ''}`,
        bytes === undefined ? '' : bytesText(bytes),
        path,
      ]),
      total.deleted,
    ),
    ...section(
      'kept until you say so',
      ['table', 'why', 'path'],
      kept.map((each) => [each.table, whyKept(each), each.path]),
      total.kept,
    ),
    ...section(
      'not cleaned',
      ['table', 'code', 'why'],
      failures.map(({ table, code, message }) => [table, code, message]),
      failures.length,
    ),
    [
      `${countText(total.tables, 'table')} on ${result.target}`,
      `${countText(total.finished, 'run')} ${would}closed`,
      `${total.restored} ${would}put back`,
      `${total.deleted} ${would}deleted (${bytesText(total.deletedBytes)})`,
      `${total.retained} kept for their time`,
      `${total.kept} kept until you say so`,
      ...(total.runs.unknown > 0 ? [`${countText(total.runs.unknown, 'run')} unknown to Temporal, left alone`] : []),
      ...(forgottenIntervals > 0 ? [`${countText(forgottenIntervals, 'interval')} of DAGs ${would}forgotten`] : []),
    ].join(', '),
  ].join('\n');
}
