/** A task as far as the drawing goes, in topological order. */
export type DrawnTask = { readonly taskId: string; readonly upstream: readonly string[] };

/** `task`: the one whose node stands in this row. `below`: how the lines go on, for text that needs more than one row. */
export type GraphRow = { readonly line: string; readonly below: string; readonly task?: string };

/**
 * A line that goes down from the tasks above it to those that come after: every one of `targets` is directly downstream of
 * every task whose node or line ran into it.
 */
type Lane = { readonly targets: ReadonlySet<string> };

const [NORTH, EAST, SOUTH, WEST] = [1, 2, 4, 8];
const SIGNS: Readonly<Record<number, string>> = {
  [NORTH | SOUTH]: '│',
  [EAST | WEST]: '─',
  [NORTH | EAST]: '╰',
  [NORTH | WEST]: '╯',
  [NORTH | EAST | SOUTH]: '├',
  [NORTH | WEST | SOUTH]: '┤',
  [NORTH | EAST | WEST]: '┴',
  [NORTH | EAST | SOUTH | WEST]: '┼',
};
const NODE = '●';

/**
 * Draws a graph from top to bottom, a task a row. Lines run down from a task to those after it, and join where they lead
 * to the same tasks, so that a fan of any size is two lines wide: a line that is crossed by another shows as │, one that
 * it meets as ├, ┤, ┼ or ┴.
 */
export function drawGraph(tasks: readonly DrawnTask[]): readonly GraphRow[] {
  const drawing = new Drawing();
  for (const task of tasks) {
    const downstream = tasks.filter(({ upstream }) => upstream.includes(task.taskId)).map(({ taskId }) => taskId);
    drawing.add(task, new Set(downstream));
  }
  return drawing.rows;
}

class Drawing {
  readonly rows: GraphRow[] = [];
  /** By column; undefined: the column is free. */
  readonly #lanes: (Lane | undefined)[] = [];

  add({ taskId }: DrawnTask, targets: ReadonlySet<string>): void {
    const into = this.#columns((lane) => lane.targets.has(taskId));
    const node = this.#columnFor(taskId, into);
    // Two nodes one below the other would seem to be joined, or would not.
    if (this.rows.at(-1)?.line[2 * node] === NODE) this.rows.push(this.#row(this.#below()));
    for (const column of into) this.#lanes[column] = without(this.#lanes[column], taskId);
    const line = this.#line(node, into, NODE);
    const [same] = this.#columns((lane) => isSame(lane.targets, targets));
    this.#lanes[node] = targets.size === 0 ? undefined : { targets };
    this.rows.push({ line, below: this.#below(), task: taskId });
    if (same === undefined) return;
    this.#lanes[node] = undefined;
    this.rows.push(this.#row(this.#line(node, [same], SIGNS[NORTH | (same < node ? WEST : EAST)] ?? '')));
  }

  #row(line: string): GraphRow {
    return { line, below: this.#below() };
  }

  #below(): string {
    return this.#lanes
      .map((lane) => (lane === undefined ? '  ' : '│ '))
      .join('')
      .trimEnd();
  }

  /** The first line that ends in the task leads straight to its node; without one the node stands beside them. */
  #columnFor(taskId: string, into: readonly number[]): number {
    const ending = into.find((column) => without(this.#lanes[column], taskId) === undefined);
    if (ending !== undefined) return ending;
    let column = into[0] ?? 0;
    while (this.#lanes[column] !== undefined) column += 1;
    return column;
  }

  #columns(which: (lane: Lane) => boolean): readonly number[] {
    return this.#lanes.flatMap((lane, column) => (lane !== undefined && which(lane) ? [column] : []));
  }

  /** A row with `sign` at a column, joined to the lanes at others; the lanes go on where they still lead somewhere. */
  #line(at: number, joined: readonly number[], sign: string): string {
    const first = Math.min(at, ...joined);
    const last = Math.max(at, ...joined);
    const width = Math.max(this.#lanes.length, last + 1);
    let line = '';
    for (let column = 0; column < width; column += 1) {
      line += column === at ? sign : this.#sign(column, joined, { first, last });
      line += column >= first && column < last ? '─' : ' ';
    }
    return line.trimEnd();
  }

  #sign(column: number, joined: readonly number[], { first, last }: { readonly first: number; readonly last: number }) {
    const goesOn = this.#lanes[column] !== undefined;
    if (!joined.includes(column)) return goesOn ? '│' : column > first && column < last ? '─' : ' ';
    const [east, west] = [column < last ? EAST : 0, column > first ? WEST : 0];
    return SIGNS[NORTH | (goesOn ? SOUTH : 0) | east | west] ?? '';
  }
}

function without(lane: Lane | undefined, target: string): Lane | undefined {
  const left = new Set([...(lane?.targets ?? [])].filter((each) => each !== target));
  return left.size === 0 ? undefined : { targets: left };
}

function isSame(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return some.size === others.size && [...some].every((each) => others.has(each));
}
