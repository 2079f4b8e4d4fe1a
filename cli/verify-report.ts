import type { Difference, VerifyReport } from '../sync/verify.ts';
import { bytesText, countText } from './quantities.ts';
import { tableText } from './tables.ts';
import type { Colors } from './terminal.ts';

const SHOWN = 50;

/** What a person reads of a comparison: the verdict, what it stands on, each difference by name. */
export function verifyReportText(
  report: VerifyReport,
  { columns, colors }: { readonly columns: number; readonly colors: Colors },
): string {
  const { identical, level, table, source, target, differences } = report;
  const how = level === 'rows' ? 'files by checksum, and rows through HiveServer2' : 'files by checksum';
  const alike = report.sample === undefined ? 'identical' : 'identical in what was compared';
  const verdict = identical ? alike : countText(differences.length, 'difference');
  return [
    `${identical ? colors.green('✓') : colors.red('✗')} ${colors.bold(`${table}, ${source} and ${target}: ${verdict}`)}`,
    `  ${partitionsText(report)}, ${countText(report.files, 'file')}, ${bytesText(report.bytes)} compared (${how})`,
    ...(report.incomparable > 0
      ? [
          colors.yellow(
            `  ${countText(report.incomparable, 'file')} compared by length only: the clusters have no checksum in common for ${report.incomparable === 1 ? 'it' : 'them'}`,
          ),
        ]
      : []),
    ...(differences.length > 0 ? [differencesText(differences.slice(0, SHOWN), columns, colors)] : []),
    ...(differences.length > SHOWN
      ? [`and ${countText(differences.length - SHOWN, 'more difference')}; --json names all`]
      : []),
  ].join('\n');
}

function partitionsText({ partitions, sample }: VerifyReport): string {
  if (sample === undefined) return countText(partitions, 'partition');
  return `${partitions} of ${countText(sample.of, 'partition')} (a sample of ${sample.percent}%, the same each time)`;
}

function differencesText(differences: readonly Difference[], columns: number, colors: Colors): string {
  const rows = differences.map(({ partition, kind, file, detail }) => [
    partition,
    kind,
    file === undefined ? detail : `${file}: ${detail}`,
  ]);
  return tableText(['partition', 'difference', ''], rows, { columns, colors });
}
