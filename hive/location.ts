import { FerryError } from '../errors/ferry-error.ts';

/**
 * A catalog location, taken apart: `fileSystem` is one of the cluster's own prefixes, `path` absolute and literal. Hive
 * stores locations without percent-encoding: '%3A' in one is three characters of a folder's name and is never decoded.
 */
export type Location = { readonly fileSystem: string; readonly path: string };

/**
 * Takes a location of a cluster's catalog apart. `fileSystems` are the prefixes that stand for that cluster's HDFS
 * ('hdfs://nn:8020'), the first one being its default, meant by '/path' and 'hdfs:///path'. Doubled and trailing
 * slashes go, as in Hadoop's Path.
 * @throws FerryError LOCATION_UNSUPPORTED for any other file system, a relative path, or '.' and '..' in it.
 */
export function parseLocation(uri: string, fileSystems: readonly string[]): Location {
  const { prefix, path } = split(uri);
  const [own = ''] = fileSystems;
  const fileSystem =
    fileSystems.find((one) => one.toLowerCase() === prefix.toLowerCase()) ?? (isDefault(prefix, own) ? own : undefined);
  if (fileSystem === undefined) {
    throw new FerryError(
      'LOCATION_UNSUPPORTED',
      `the location ${uri} is not on this cluster's file system (${fileSystems.join(', ')})`,
    );
  }
  return { fileSystem, path: normalPath(path, uri) };
}

/** The location as the catalog writes it. */
export function formatLocation(location: Location): string {
  return `${location.fileSystem}${location.path}`;
}

/** `path` (of one or more components) below a location; components are literal and may hold '%'. */
export function joinLocation(location: Location, path: string): Location {
  return { fileSystem: location.fileSystem, path: normalPath(`${location.path}/${path}`, path) };
}

/** True when both URIs mean the same folder of the same cluster. */
export function sameLocation(one: string, other: string, fileSystems: readonly string[]): boolean {
  return parseLocation(one, fileSystems).path === parseLocation(other, fileSystems).path;
}

/** True for an inner path that lies in the outer folder, or is it. */
export function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer === '/' ? '/' : `${outer}/`);
}

/** 'scheme://authority' and the path behind it; 'hdfs:/path' is how Hadoop writes 'hdfs:///path'. */
function split(uri: string): { prefix: string; path: string } {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/]*))?(\/.*)?$/.exec(uri);
  if (match === null) return { prefix: '', path: uri };
  return { prefix: `${match[1]}://${match[2] ?? ''}`, path: match[3] ?? '/' };
}

function isDefault(prefix: string, own: string): boolean {
  if (prefix === '') return own !== '';
  return prefix.endsWith('://') && own.toLowerCase().startsWith(prefix.toLowerCase());
}

function normalPath(path: string, whole: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  if (!path.startsWith('/') || parts.includes('.') || parts.includes('..')) {
    throw new FerryError('LOCATION_UNSUPPORTED', `the location ${whole} is not an absolute path without '.' and '..'`);
  }
  return `/${parts.join('/')}`;
}
