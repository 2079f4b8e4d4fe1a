import type {
  ClusterFindings,
  Failed,
  NamenodeFindings,
  Said,
  WriteFindings,
} from '../../../../cli/doctor/findings.ts';
import type { Code } from '../../../../errors/codes.ts';

export const said = <T>(value: T): Said<T> => ({ ok: true, value });
export const done: Said<void> = { ok: true, value: undefined };
export const not = (code: Code, more: Partial<Failed> = {}): Said<never> => ({
  ok: false,
  failed: { code, message: `${code} it was`, ...more },
});

export const namenode = (
  over: Partial<Extract<NamenodeFindings['info'], { ok: true }>['value']> = {},
  skewMs = 400,
): NamenodeFindings => ({
  url: 'http://nn1:9870',
  skewMs,
  info: said({
    version: '3.4.3',
    state: 'active',
    safeMode: '',
    secure: false,
    live: 3,
    dead: 0,
    datanodes: ['dn1:9864'],
    ...over,
  }),
});

export const silent = (url = 'http://nn2:9870'): NamenodeFindings => ({ url, info: not('UNREACHABLE') });

export const written: WriteFindings = {
  folder: '/user/etl/hive-ferry/doctor-1',
  made: done,
  written: done,
  renamed: said(true),
  renameHeeded: said(true),
  checksum: said('MD5-of-0MD5-of-512CRC32C'),
  deleted: said(true),
};

/** A target on which everything is right. */
export const healthy: ClusterFindings = {
  name: 'lake',
  target: true,
  access: 'write',
  user: 'etl',
  controlRoot: '/user/etl/hive-ferry',
  fileSystems: ['hdfs://nn1:8020'],
  namenodes: [namenode()],
  listed: done,
  home: said('there'),
  controlRootListed: said('there'),
  unfitAsTarget: said(undefined),
  write: written,
  closingDelays: [{ datanode: 'dn1:9864', delayMs: said(10) }],
  metastore: said('hdfs://nn1:8020/warehouse'),
  hiveserver2: said({ version: '4.0.1', autogather: 'true', usingStats: 'true' }),
};

const { write: _, ...unwritten } = healthy;
export const source: ClusterFindings = { ...unwritten, target: false };
