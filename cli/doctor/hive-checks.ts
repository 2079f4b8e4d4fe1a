import { type Check, fail, ok, skip, unanswered, type Verdict, warn } from './check.ts';
import type { ClusterFindings } from './findings.ts';

export function hiveChecks(findings: ClusterFindings): readonly Check[] {
  const check = (id: string, verdict: Verdict): Check => ({ id, subject: findings.name, ...verdict });
  return [
    check('metastore', metastoreVerdict(findings)),
    check('file-system', fileSystemVerdict(findings)),
    check('hiveserver2', hiveServer2Verdict(findings)),
    check('statistics', statisticsVerdict(findings)),
  ];
}

export function metastoreVerdict({ name, metastore, withoutMetastore }: ClusterFindings): Verdict {
  if (!metastore.ok && withoutMetastore !== undefined)
    return unanswered(
      metastore.failed,
      `The catalog of cluster "${name}" is read in HiveQL, for the config names no metastore. See the check hiveserver2; what it reads needs HiveServer2 of Hive 4.`,
    );
  if (!metastore.ok)
    return unanswered(
      metastore.failed,
      metastore.failed.code === 'AUTH_REQUIRED'
        ? `The metastore of cluster "${name}" asks for SASL (Kerberos), which hive-ferry does not speak to it.`
        : `Check that the metastore runs and that clusters.${name}.metastore is its Thrift address (hive.metastore.uris).`,
    );
  if (metastore.value === undefined)
    return fail('it has no database "default"', 'See whether its schema was made: schematool -dbType ... -info');
  if (withoutMetastore !== undefined)
    return warn(
      `none in the config: ${withoutMetastore}, a statement or more a partition; database "default" lies in ${metastore.value}`,
      `Name clusters.${name}.metastore (hive.metastore.uris) where this machine can reach it; what HiveQL cannot do is refused.`,
    );
  return ok(`answers; database "default" lies in ${metastore.value}`);
}

/** What the locations of this cluster's catalog begin with has to be among what the config calls its own. */
export function fileSystemVerdict({ name, metastore, fileSystems }: ClusterFindings): Verdict {
  if (!metastore.ok || metastore.value === undefined) return skip('the metastore does not tell');
  const authority = /^[a-z][a-z0-9+.-]*:\/\/[^/]+/i.exec(metastore.value)?.[0];
  if (authority === undefined) return skip(`the location ${metastore.value} names no file system`);
  if (fileSystems.includes(authority)) return ok(authority);
  return fail(
    `the catalog's locations begin with ${authority}, the config knows ${fileSystems.join(', ')}`,
    `Add "${authority}" to clusters.${name}.fileSystem (fs.defaultFS): a location on any other one is refused.`,
  );
}

export function hiveServer2Verdict({ name, hiveserver2 }: ClusterFindings): Verdict {
  if (hiveserver2 === undefined) return skip('the config names none; afterRefresh and verify --level rows need one');
  if (hiveserver2.ok)
    return ok(`answers SELECT 1${hiveserver2.value.version === '' ? '' : `, Hive ${hiveserver2.value.version}`}`);
  return unanswered(
    hiveserver2.failed,
    `Check that HiveServer2 runs, that clusters.${name}.hiveserver2 is its Thrift port (hive.server2.thrift.port) and that its auth is the server's hive.server2.authentication.`,
  );
}

export function statisticsVerdict({ target, hiveserver2 }: ClusterFindings): Verdict {
  if (!target) return skip('a source is only read');
  if (hiveserver2 === undefined || !hiveserver2.ok) return skip('HiveServer2 does not tell');
  const { autogather, usingStats } = hiveserver2.value;
  if (autogather === '' && usingStats === '') return skip('HiveServer2 does not tell');
  const settings = `hive.stats.autogather=${autogather || '?'}, hive.compute.query.using.stats=${usingStats || '?'}`;
  const stats =
    usingStats === 'false'
      ? 'queries always read the files'
      : 'count(*) of a managed table may be answered from statistics; a sync drops those of what it changed';
  return ok(`${settings}: ${stats}`);
}
