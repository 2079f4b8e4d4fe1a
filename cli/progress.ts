import { bytesText, countText, durationText, rateText } from './quantities.ts';
import type { NodeView, ProgressView } from './run-progress.ts';
import type { Colors } from './terminal.ts';

const SHOWN_NODES = 10;
const LEAST_BAR = 10;
const MOST_BAR = 40;

/** The lines of a live display, none wider than `columns`: the totals, then a bar a node (the busiest ten of many). */
export function progressLines(view: ProgressView, columns: number, colors: Colors): readonly string[] {
  const shown = busiest(view.nodes);
  const width = Math.max(0, ...shown.map((node) => nodeName(node, view.of).length));
  const hidden = view.nodes.length - shown.length;
  return [
    cut(totalsText(view, columns), columns),
    ...shown.map((node) => nodeLine(node, nodeName(node, view.of).padEnd(width), columns, colors)),
    ...(hidden > 0 ? [colors.dim(cut(`and ${countText(hidden, 'more node')}`, columns))] : []),
    ...view.retries.slice(0, 3).map((retry) => colors.yellow(cut(`retrying ${retry}`, columns))),
  ];
}

/** One line for a log: no escape codes, no width. */
export function progressLogLine(view: ProgressView, at: Date): string {
  const time = at.toISOString().slice(11, 19);
  const retries = view.retries.slice(0, 3).map((retry) => ` · retrying ${retry}`);
  return `${time} ${totalsText(view, Number.POSITIVE_INFINITY)}${retries.join('')}`;
}

/** The ten nodes that are worth a line: those at work by what they move, then those that wait, then the ended ones. */
export function busiest(nodes: readonly NodeView[]): readonly NodeView[] {
  if (nodes.length <= SHOWN_NODES) return nodes;
  const rank = { loading: 0, waiting: 1, ended: 2 } as const;
  return [...nodes]
    .sort((a, b) => rank[a.state] - rank[b.state] || b.rate - a.rate || a.index - b.index)
    .slice(0, SHOWN_NODES)
    .sort((a, b) => a.index - b.index);
}

function totalsText(view: ProgressView, columns: number): string {
  const { phase, nodes, of, partitions, bytes, rate, etaSeconds } = view;
  if (nodes.length === 0) return phase;
  if (partitions.total === 0) return `${phase} · ${countText(nodes.length, 'node')}`;
  const ended = nodes.filter((node) => node.state === 'ended').length;
  const failed = nodes.reduce((sum, node) => sum + node.failed, 0);
  const parts = [
    phase,
    `${partitions.done}/${countText(partitions.total, 'partition')}`,
    `${bytesText(bytes.done)} of ${bytesText(bytes.total)}`,
    ...(rate > 0 ? [rateText(rate)] : []),
    ...(etaSeconds === undefined ? [] : [`ETA ${durationText(etaSeconds)}`]),
    ...(failed > 0 ? [`${failed} failed`] : []),
    `${ended}/${countText(Math.max(of, nodes.length), 'node')} ended`,
  ];
  while (parts.length > 3 && parts.join(' · ').length > columns) parts.pop();
  return parts.join(' · ');
}

function nodeName({ index }: NodeView, of: number): string {
  return of === 0 ? `node ${index}` : `node ${index}/${of}`;
}

/** The longest description that leaves room for a bar. */
function nodeLine(node: NodeView, name: string, columns: number, colors: Colors): string {
  const texts = nodeTexts(node);
  const text = texts.find((each) => name.length + each.length + LEAST_BAR + 4 <= columns) ?? texts.at(-1) ?? '';
  const width = Math.min(MOST_BAR, columns - name.length - text.length - 4);
  if (width < 1) return cut(`${name}  ${text}`, columns);
  const done = Math.round(width * fraction(node));
  const bar = '█'.repeat(done) + colors.dim('░'.repeat(width - done));
  return `${name}  ${node.state !== 'ended' ? bar : node.failed > 0 ? colors.red(bar) : colors.green(bar)}  ${text}`;
}

function nodeTexts({ state, attempt, counts, failed, rate }: NodeView): readonly string[] {
  const again = attempt > 1 ? `  attempt ${attempt}` : '';
  if (counts === undefined) return [`${state === 'loading' ? 'starting' : state}${again}`, state];
  const { partitions, bytes } = counts;
  const count = `${partitions.done}/${partitions.total}`;
  if (state === 'ended') {
    const ended = failed > 0 ? `ended, ${failed} failed` : 'ended';
    return [`${count} partitions  ${bytesText(bytes.done)}  ${ended}`, `${count}  ${ended}`, count];
  }
  const now = state === 'waiting' ? 'waiting' : rateText(rate);
  const left = bytes.total - bytes.done;
  const eta = rate > 0 && left > 0 ? `  ETA ${durationText(left / rate)}` : '';
  return [
    `${count} partitions  ${bytesText(bytes.done)} of ${bytesText(bytes.total)}  ${now}${eta}${again}`,
    `${count} partitions  ${bytesText(bytes.done)}  ${now}${eta}`,
    `${count}  ${bytesText(bytes.done)}  ${now}`,
    `${count}  ${now}`,
    count,
  ];
}

/** By bytes, and by partitions where there are none to move. */
function fraction({ counts }: NodeView): number {
  if (counts === undefined) return 0;
  const { done, total } = counts.bytes.total > 0 ? counts.bytes : counts.partitions;
  return total === 0 ? 0 : Math.min(1, Math.max(0, done / total));
}

/** A text that is too wide ends with an ellipsis. */
export function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}
