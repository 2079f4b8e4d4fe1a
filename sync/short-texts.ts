const MOST_LINES = 20;
const LONGEST_LINE = 500;

/** A text that may travel through Temporal: its start, and how long it is. */
export function shortText(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}... (${text.length} characters)`;
}

/**
 * Statements of a plan for people, bounded so that an outcome stays below what one payload may hold; `path` is where all
 * of them are, whole.
 */
export function shortStatements(statements: readonly string[], path: string): readonly string[] {
  const shown = statements.slice(0, MOST_LINES).map((statement) => shortText(statement, LONGEST_LINE));
  const rest = statements.length - shown.length;
  return rest > 0 ? [...shown, `and ${rest} more, in ${path}`] : shown;
}
