import { describe, expect, it } from '@jest/globals';
import type { CheckStatus } from '../../../../cli/doctor/check.ts';
import type { ClusterFindings } from '../../../../cli/doctor/findings.ts';
import { hiveChecks } from '../../../../cli/doctor/hive-checks.ts';
import { healthy, not, said } from './findings.ts';

const check = (id: string, findings: ClusterFindings) => hiveChecks(findings).find((each) => each.id === id);

describe('the checks of a catalog', () => {
  it.each<[string, string, ClusterFindings, CheckStatus, RegExp, RegExp | undefined]>([
    [
      'no metastore',
      'metastore',
      { ...healthy, metastore: not('UNREACHABLE') },
      'fail',
      /UNREACHABLE/,
      /clusters\.lake\.metastore/,
    ],
    [
      'a metastore with SASL',
      'metastore',
      { ...healthy, metastore: not('AUTH_REQUIRED') },
      'fail',
      /AUTH/,
      /cluster "lake" asks for SASL/,
    ],
    [
      'an empty metastore',
      'metastore',
      { ...healthy, metastore: said(undefined) },
      'fail',
      /no database "default"/,
      /schematool/,
    ],
    [
      'no metastore in the config',
      'metastore',
      { ...healthy, withoutMetastore: 'HiveServer2 only, slower' },
      'warn',
      /none in the config: HiveServer2 only, slower.*hdfs:\/\/nn1:8020\/warehouse/,
      /Name clusters\.lake\.metastore/,
    ],
    [
      'no metastore in the config and no HiveServer2 that answers',
      'metastore',
      { ...healthy, withoutMetastore: 'HiveServer2 only, slower', metastore: not('UNREACHABLE') },
      'fail',
      /UNREACHABLE/,
      /the config names no metastore. See the check hiveserver2/,
    ],
    [
      'locations elsewhere',
      'file-system',
      { ...healthy, metastore: said('hdfs://ns1/warehouse') },
      'fail',
      /hdfs:\/\/ns1, the config knows hdfs:\/\/nn1:8020/,
      /Add "hdfs:\/\/ns1" to clusters\.lake\.fileSystem/,
    ],
    [
      'a wrong HiveServer2',
      'hiveserver2',
      { ...healthy, hiveserver2: not('UNREACHABLE') },
      'fail',
      /UNREACHABLE/,
      /hive\.server2\.thrift\.port/,
    ],
    [
      'a HiveServer2 that is silent',
      'hiveserver2',
      { ...healthy, hiveserver2: not('DEADLINE') },
      'unknown',
      /DEADLINE/,
      /auth/,
    ],
    [
      'statistics nobody tells',
      'statistics',
      { ...healthy, hiveserver2: said({ version: '', autogather: '', usingStats: '' }) },
      'skip',
      /does not tell/,
      undefined,
    ],
    [
      'statistics that are not used',
      'statistics',
      { ...healthy, hiveserver2: said({ version: '', autogather: 'true', usingStats: 'false' }) },
      'ok',
      /always read the files/,
      undefined,
    ],
  ])('%s: %s', (_, id, findings, status, says, fix) => {
    const found = check(id, findings);
    expect(found).toMatchObject({ subject: 'lake', status });
    expect(found?.says).toMatch(says);
    if (fix === undefined) expect(found?.fix).toBeUndefined();
    else expect(found?.fix).toMatch(fix);
  });

  it('leave HiveServer2 out where the config names none', () => {
    const { hiveserver2: _, ...rest } = healthy;
    expect(check('hiveserver2', rest)).toMatchObject({ status: 'skip' });
    expect(check('statistics', rest)).toMatchObject({ status: 'skip' });
  });
});
