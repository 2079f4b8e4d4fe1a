import { FerryError } from '../../errors/ferry-error.ts';
import { isOwnParameter } from '../registered-records.ts';

/**
 * The parameters that stand among the SerDe's properties instead, for HiveQL sets no parameters of partitions.
 * @throws FerryError CATALOG_REFUSED when there are others, which would be lost.
 */
export function recordsOnly(
  parameters: Readonly<Record<string, string>>,
  partition: string,
  cluster: string,
): Readonly<Record<string, string>> {
  const others = Object.keys(parameters).filter((name) => !isOwnParameter(name));
  if (others.length === 0) return parameters;
  throw new FerryError(
    'CATALOG_REFUSED',
    `HiveQL has no statement that gives the partition ${partition} its parameters ${others.sort().join(', ')}: name a metastore of cluster ${cluster}`,
  );
}
