import type { Table } from './table.ts';

/**
 * Why a table cannot be copied file by file; empty: it can. A copy is right only where every file stands alone and the
 * metastore alone says which files are the table.
 */
export function whyUnsupported(table: Table): readonly string[] {
  return [...kindReasons(table), ...transactionReasons(table), ...formatReasons(table), ...storageReasons(table)];
}

function kindReasons(table: Table): string[] {
  switch (table.kind) {
    case 'MANAGED_TABLE':
    case 'EXTERNAL_TABLE':
      return [];
    case 'VIRTUAL_VIEW':
      return ['it is a view'];
    case 'MATERIALIZED_VIEW':
      return ['it is a materialised view'];
    default:
      return [`it is of the kind ${table.kind}`];
  }
}

/** Delta and base folders carry transaction numbers of their own cluster, of which the files say nothing. */
function transactionReasons(table: Table): string[] {
  if (parameter(table, 'transactional') !== 'true') return [];
  const insertOnly = parameter(table, 'transactional_properties') === 'insert_only';
  return [insertOnly ? 'it is transactional (insert-only)' : 'it is transactional (ACID)'];
}

/** Table formats that keep the list of their files in files of their own, known by property, format or handler. */
const FORMATS: readonly { readonly name: string; readonly classes: RegExp; readonly property?: RegExp }[] = [
  { name: 'Iceberg', classes: /iceberg/i, property: /^metadata_location$/ },
  { name: 'Hudi', classes: /\bhudi\b|com\.uber\.hoodie/i, property: /^hoodie\./ },
  { name: 'Delta Lake', classes: /io\.delta\./i, property: /^delta\./ },
  { name: 'Paimon', classes: /\bpaimon\b/i },
];

function formatReasons(table: Table): string[] {
  const { storage, parameters } = table;
  const classes = [storage.inputFormat, storage.outputFormat, storage.serde.library, parameters.storage_handler ?? ''];
  const named = [parameter(table, 'table_type'), parameter(table, 'spark.sql.sources.provider')];
  return FORMATS.filter(
    ({ name, classes: pattern, property }) =>
      classes.some((one) => pattern.test(one)) ||
      named.includes(name.toLowerCase().split(' ')[0]) ||
      (property !== undefined && Object.keys(parameters).some((key) => property.test(key))),
  ).map(({ name }) => `it is a table of the format ${name}`);
}

function storageReasons(table: Table): string[] {
  const { storage, parameters } = table;
  const reasons: string[] = [];
  if (parameters.storage_handler) reasons.push(`it is kept by the storage handler ${parameters.storage_handler}`);
  if (/SymlinkTextInputFormat$/.test(storage.inputFormat)) {
    reasons.push('its files are lists of files elsewhere (SymlinkTextInputFormat)');
  }
  if (storage.storedAsSubDirectories && storage.skewed !== undefined) {
    reasons.push(
      'it is skewed and stored as directories (list bucketing), whose folders the metastore knows one by one',
    );
  }
  if (reasons.length === 0 && storage.location === '' && kindReasons(table).length === 0) {
    reasons.push('it has no location');
  }
  return reasons;
}

/** A property's value in lower case; Hive matches the names of these without regard to case. */
function parameter(table: Table, name: string): string | undefined {
  const key = Object.keys(table.parameters).find((one) => one.toLowerCase() === name);
  return key === undefined ? undefined : table.parameters[key]?.toLowerCase();
}
