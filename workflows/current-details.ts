import type {
  EnsuredTable,
  NodeRef,
  NodeResult,
  Outcome,
  PlanRef,
  RefreshResult,
  ResolvedSpec,
} from '../sync/outcome.ts';
import { countText, type PauseState, partitionText, planText, sizeText, syncLabel } from './messages.ts';

export type NodeState =
  | { readonly node: NodeRef; readonly state: 'loading' }
  | { readonly node: NodeRef; readonly state: 'done'; readonly result: NodeResult }
  | { readonly node: NodeRef; readonly state: 'failed'; readonly code: string }
  /** Cut off, and scheduled again when the run is resumed. */
  | { readonly node: NodeRef; readonly state: 'paused' }
  | { readonly node: NodeRef; readonly state: 'cancelled' };

/** True of a node that does nothing more in its round. */
export function hasEnded({ state }: NodeState): boolean {
  return state !== 'loading' && state !== 'paused';
}

/** What a run knows of itself as it goes; absent: not come to yet. */
export type RunView = {
  readonly spec: ResolvedSpec;
  readonly pause: PauseState;
  readonly plan?: PlanRef;
  readonly ensured?: EnsuredTable;
  readonly round: number;
  /** The latest state of each node, by index. */
  readonly nodes: ReadonlyMap<number, NodeState>;
  /** Of every node and round so far. */
  readonly results: readonly NodeResult[];
  readonly waitingForRound?: number;
  readonly refreshed?: RefreshResult | 'skipped';
  readonly outcome?: Outcome;
};

const SHOWN_NODES = 32;
const SHOWN_FAILURES = 10;
const CELL = 300;
const LONGEST_SIZE = '1023.9 GiB'.length;
const PAUSE_TEXTS = {
  pausing: '**Pausing**: the step in hand ends, or is let go; then the run waits.',
  paused: '**Paused**: nothing is copied until the update `resume` (ferry resume) comes. What was copied is kept.',
} as const;

/** The Markdown that the Temporal UI shows as a run's current details: its steps, its nodes, and how it ended. */
export function currentDetails(view: RunView): string {
  const sections = [`**${markdownText(syncLabel(view.spec))}**`];
  if (view.pause !== 'running') sections.push(PAUSE_TEXTS[view.pause]);
  if (view.ensured !== undefined) sections.push(markdownText(`The target table lies at ${view.ensured.location}`));
  sections.push(stepTable(view));
  if (view.nodes.size > 0) sections.push(nodeTable([...view.nodes.values()]));
  if (view.outcome !== undefined) sections.push(outcomeSection(view.outcome));
  return sections.join('\n\n');
}

/** A value as Markdown that shows exactly its characters, in a table cell too: no HTML, no emphasis, no new cell. The UI knows entities by number only. */
export function markdownText(value: string): string {
  return value
    .replace(/[&<>|\\]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[`*_[\]~]/g, '\\$&')
    .replace(/[\r\n]+/g, ' ');
}

function stepTable(view: RunView): string {
  const { outcome } = view;
  const last = ['close the run', outcome ? 'done' : '', outcome ? outcome.outcome : ''];
  return table(['step', 'state', ''], [...stepRows(view), last]);
}

/** The four steps, each with its state, '' before it, and what there is to say. */
export function stepRows(view: RunView): readonly (readonly [step: string, state: string, text: string])[] {
  const { plan, ensured, refreshed } = view;
  return [
    ['plan nodes', plan ? 'done' : '', plan ? planText(plan) : ''],
    ['ensure table', ensured ? 'done' : '', ensured ? ensuredText(ensured) : ''],
    ['load and write', ...loadState(view)],
    [
      'refresh metadata',
      refreshed === undefined ? '' : refreshed === 'skipped' ? 'not needed' : 'done',
      refreshText(refreshed),
    ],
  ];
}

function ensuredText(ensured: EnsuredTable): string {
  if (ensured.created) return 'created';
  return ensured.applied.length === 0 ? 'as it is' : ensured.applied.join('; ');
}

function refreshText(refreshed: RunView['refreshed']): string {
  if (refreshed === undefined || refreshed === 'skipped') return '';
  const unexpected = refreshed.unexpected > 0 ? `, ${refreshed.unexpected} unexpected` : '';
  const pruned = refreshed.pruned > 0 ? `, ${refreshed.pruned} pruned` : '';
  return `${refreshed.registered} registered, ${refreshed.altered} altered${pruned}${unexpected}`;
}

function loadState(view: RunView): readonly [string, string] {
  if (view.nodes.size === 0)
    return [view.refreshed === undefined && view.outcome === undefined ? '' : 'not needed', ''];
  const states = [...view.nodes.values()];
  const ended = states.filter(hasEnded);
  const published = view.results.reduce((sum, each) => sum + each.published, 0);
  const bytes = view.results.reduce((sum, each) => sum + each.bytes.copied, 0);
  const state = ended.length < states.length ? view.pause : view.waitingForRound === undefined ? 'done' : 'waiting';
  const round = view.waitingForRound === undefined ? `round ${view.round}` : `before round ${view.waitingForRound}`;
  const nodes = `${ended.length} of ${countText(states.length, 'node')}`;
  const partitions = `${published} of ${countText((view.plan?.counts.toCopy ?? 0) + (view.plan?.counts.attributes ?? 0), 'partition')}`;
  return [state, `${round} of at most ${view.spec.rounds} · ${nodes} · ${partitions} · ${sizeText(bytes)}`];
}

/** Every node of a small run; of a large one those that need a look (failed, then loading), the rest in one line. */
function nodeTable(states: readonly NodeState[]): string {
  const rank = { failed: 0, cancelled: 1, loading: 2, paused: 2, done: 3 } as const;
  const shown = [...states]
    .sort((a, b) => rank[a.state] - rank[b.state] || a.node.index - b.node.index)
    .slice(0, SHOWN_NODES)
    .sort((a, b) => a.node.index - b.node.index);
  const rows = shown.map((each) => [
    String(each.node.index),
    nodeStateText(each),
    String(each.node.partitions),
    String(each.node.files),
    sizeText(each.node.bytes),
  ]);
  const rest = states.length - shown.length;
  return (
    table(['node', 'state', 'partitions', 'files', 'size'], rows) +
    (rest > 0 ? `\n\nand ${countText(rest, 'more node')}` : '')
  );
}

function nodeStateText(each: NodeState): string {
  const round = each.node.round === 1 ? '' : `, round ${each.node.round}`;
  if (each.state === 'failed') return `failed: ${each.code}${round}`;
  if (each.state !== 'done') return `${each.state}${round}`;
  const { published, failed } = each.result;
  return `done, ${published} published${failed === 0 ? '' : `, ${failed} failed`}${round}`;
}

function outcomeSection(outcome: Outcome): string {
  const { published, unchanged, failed, diverged } = outcome.partitions;
  const counts = `${published} published, ${unchanged} unchanged, ${failed} failed, ${diverged} diverged`;
  const head = `**${outcome.outcome}**: ${counts} · ${sizeText(outcome.bytes.copied)} copied`;
  if (outcome.failures.length === 0) return head;
  const shown = outcome.failures.slice(0, SHOWN_FAILURES).map(({ partition, code, message }) => {
    return `- **${markdownText(partitionText(partition))}** ${markdownText(`${code}: ${short(message)}`)}`;
  });
  const all = outcome.failuresPath === undefined ? '' : `\n\nAll of them: ${markdownText(outcome.failuresPath)}`;
  return `${head}\n\n${shown.join('\n')}${outcome.failures.length > SHOWN_FAILURES ? all : ''}`;
}

/**
 * For short words only: the UI cuts off a table that is wider than half a page, and breaks no word in one. It sets no
 * space between the columns, and breaks a column's names and sizes at a blank before it breaks a longer text.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string, place: number, { length }: readonly string[]) => {
    const markdown = markdownText(short(text));
    if (markdown === '') return markdown;
    const unbroken = place === 0 || text.length <= LONGEST_SIZE ? markdown.replaceAll(' ', '&#160;') : markdown;
    return place === length - 1 ? unbroken : `${unbroken}&#160;&#160;`;
  };
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function short(text: string): string {
  return text.length <= CELL ? text : `${text.slice(0, CELL)}...`;
}
