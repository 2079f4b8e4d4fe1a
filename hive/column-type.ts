const SYNONYMS: Readonly<Record<string, string>> = {
  integer: 'int',
  numeric: 'decimal',
  dec: 'decimal',
  'double precision': 'double',
};

/**
 * A column type in the one form in which equal types are equal texts: lower case, no needless blanks, Hive's synonyms
 * replaced, `decimal` with its default digits (10,0).
 */
export function normalType(type: string): string {
  const tight = type
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/\s*([<>(),:])\s*/g, '$1');
  return tight
    .replace(
      /(^|[<,:])(integer|numeric|dec|double precision)(?=$|[>,(])/g,
      (_, before: string, name: string) => `${before}${SYNONYMS[name]}`,
    )
    .replace(
      /(^|[<,:])decimal(\((\d+)\))?(?=$|[>,])/g,
      (_, before: string, __, digits?: string) => `${before}decimal(${digits ?? '10'},0)`,
    );
}
