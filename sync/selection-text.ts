import { quoteString } from '../hive/partition-name.ts';
import { kindOf } from '../hive/typed-value.ts';
import type { Selection, SelectionKey } from './selection.ts';
import { isBareName } from './selection-syntax.ts';

/**
 * The selection as a predicate in one form, whatever blanks, case, quotes, needless parentheses and order of `in` it was
 * written with. parseSelection reads it back as the same selection.
 */
export function selectionText(selection: Selection): string {
  switch (selection.kind) {
    case 'and':
      return selection.of
        .map((each) => (each.kind === 'or' ? `(${selectionText(each)})` : selectionText(each)))
        .join(' and ');
    case 'or':
      return selection.of.map(selectionText).join(' or ');
    case 'not':
      return negationText(selection.of);
    default:
      return conditionText(selection, '');
  }
}

type Condition = Exclude<Selection, { readonly kind: 'and' | 'or' | 'not' }>;

function negationText(of: Selection): string {
  switch (of.kind) {
    case 'and':
    case 'or':
    case 'not':
      return `not (${selectionText(of)})`;
    case 'compare':
      return `not ${conditionText(of, '')}`;
    default:
      return conditionText(of, 'not ');
  }
}

function conditionText(condition: Condition, not: '' | 'not '): string {
  const { key } = condition;
  const column = isBareName(key.name) ? key.name : `\`${key.name.replaceAll('`', '``')}\``;
  const text = (value: string) => valueText(key, value);
  switch (condition.kind) {
    case 'compare':
      return `${column} ${condition.operator} ${text(condition.value)}`;
    case 'in':
      return `${column} ${not}in (${condition.values.map(text).join(', ')})`;
    case 'between':
      return `${column} ${not}between ${text(condition.low)} and ${text(condition.high)}`;
    case 'like':
      return `${column} ${not}like ${quoteString(condition.pattern)}`;
    case 'is-null':
      return `${column} is ${not}null`;
  }
}

/** Numbers and booleans stand bare; 'NaN' and 'Infinity' have no bare form. */
function valueText(key: SelectionKey, value: string): string {
  const bare = ['whole', 'decimal', 'float', 'boolean'].includes(kindOf(key.type)) && !/N|I/.test(value);
  return bare ? value : quoteString(value);
}
