import { FerryError } from '../../errors/ferry-error.ts';
import { quoteName } from '../statements.ts';
import type { Column } from '../table.ts';

/**
 * Settings of a session in which PARTITION (...) of a statement means the literal value, as the metastore holds it:
 * - without `hive.typecheck.on.insert`, '01' under int stays '01', and what stands between the quotes is not unescaped
 *   (BaseSemanticAnalyzer.validatePartSpec normalises and unescapes only while it checks types);
 * - under another `hive.exec.default.partition.name`, the default partition's name is a value like any other, which
 *   ALTER TABLE ADD PARTITION refuses otherwise (error 10111);
 * - without `hive.variable.substitute`, '${x}' stays as it is.
 * Tried on Hive 4.0.1 with quotes, newlines, tabs, backslashes, '--', ';' and '${x}'.
 */
export const LITERAL_SETTINGS: Readonly<Record<string, string>> = {
  'hive.typecheck.on.insert': 'false',
  'hive.exec.default.partition.name': '__hive_ferry_no_value__',
  'hive.variable.substitute': 'false',
};

/**
 * 'PARTITION (`dt`='2026-01-01', `n`='01')' for a session with LITERAL_SETTINGS.
 * @throws FerryError CATALOG_REFUSED for a value that no literal without escapes can hold.
 */
export function literalSpec(keys: readonly Column[], values: readonly string[]): string {
  const pairs = keys.map(({ name }, i) => `${quoteName(name)}=${literal(name, values[i] ?? '')}`);
  return `PARTITION (${pairs.join(', ')})`;
}

function literal(key: string, value: string): string {
  const quote = value.includes("'") ? '"' : "'";
  // A backslash takes the next character with it, so that an odd one at the end would take the quote.
  const open = (/\\*$/.exec(value)?.[0].length ?? 0) % 2 === 1;
  if (value.includes(quote) || open) {
    throw new FerryError(
      'CATALOG_REFUSED',
      `HiveQL cannot name the partition value ${JSON.stringify(value)} of ${key} (both kinds of quotes, or a backslash at its end): name a metastore in temporal.config.ts`,
    );
  }
  return `${quote}${value}${quote}`;
}
