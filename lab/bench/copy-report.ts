import type { CopyBench } from './bench-copy.ts';

const MIB = 1024 * 1024;

/** A Markdown table: a row for each shape and contender, ratios against the first contender. */
export function copyReport(benches: readonly CopyBench[]): string {
  const rows = benches.flatMap(({ shape, compared }) =>
    compared.map(({ name, seconds, ratio, cpuSeconds, peakBytes }, place) => [
      place === 0 ? shape.name : '',
      name,
      seconds.toFixed(1),
      ratio.toFixed(2),
      cpuSeconds.toFixed(1),
      (peakBytes / MIB).toFixed(0),
    ]),
  );
  const head = ['files', 'copied by', 'seconds', 'times hive-ferry', 'client CPU s', 'client RSS MiB'];
  return [head, head.map((_, column) => (column < 2 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}
