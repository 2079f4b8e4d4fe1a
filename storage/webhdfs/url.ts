import { segmentsOf } from '../path.ts';

/**
 * A literal HDFS path as it stands in a URL: each segment percent-encoded exactly once ('%3A' becomes '%253A'), '='
 * left as it is, so that a partition folder stays readable in access logs. The only place that encodes a path.
 */
export function encodePath(path: string): string {
  return `/${segmentsOf(path).map(encodeSegment).join('/')}`;
}

/** encodeURIComponent, and what it leaves alone of RFC 3986's reserved characters (!'()*), since some parsers in between rewrite them. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3D', '=');
}

/** Where a namenode (or a gateway in front of it) serves WebHDFS, as the parts that npm webhdfs asks for. */
export type WebHdfsBase = {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: string;
  readonly path: string;
};

/** Reads 'http://nn1:9870' or 'https://gateway:8443/some/prefix'; '/webhdfs/v1' is added where it is missing. */
export function parseBase(url: string): WebHdfsBase {
  const { protocol, hostname, port, pathname } = new URL(url);
  const secure = protocol === 'https:';
  const prefix = pathname.replace(/\/+$/, '');
  return {
    protocol: secure ? 'https' : 'http',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? '443' : '80') : port,
    path: prefix.endsWith('/webhdfs/v1') ? prefix : `${prefix}/webhdfs/v1`,
  };
}
