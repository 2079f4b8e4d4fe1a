import type { StorageDescriptor } from './table.ts';

type Parameters = Readonly<Record<string, string>>;
type Definition = { readonly parameters: Parameters; readonly storage: StorageDescriptor };

/**
 * The definition of a table or partition with every place in its properties that the map names ('hdfs://nn.a:8020/x' ->
 * 'hdfs://nn.b:8020/x'), whole or as the folder it lies in; the longest prefix wins. The location itself stays as it is.
 */
export function withMappedPlaces<T extends Definition>(definition: T, map: Parameters): T {
  const prefixes = Object.keys(map).sort((a, b) => b.length - a.length);
  if (prefixes.length === 0) return definition;
  const mapped = (properties: Parameters): Parameters =>
    Object.fromEntries(
      Object.entries(properties).map(([name, value]) => {
        const prefix = prefixes.find((one) => value === one || value.startsWith(one.endsWith('/') ? one : `${one}/`));
        return [name, prefix === undefined ? value : `${map[prefix]}${value.slice(prefix.length)}`];
      }),
    );
  const { storage } = definition;
  return {
    ...definition,
    parameters: mapped(definition.parameters),
    storage: {
      ...storage,
      parameters: mapped(storage.parameters),
      serde: { ...storage.serde, parameters: mapped(storage.serde.parameters) },
    },
  };
}
