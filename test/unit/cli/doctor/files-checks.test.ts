import { describe, expect, it } from '@jest/globals';
import type { Check, CheckStatus } from '../../../../cli/doctor/check.ts';
import { filesChecks } from '../../../../cli/doctor/files-checks.ts';
import type { ClusterFindings } from '../../../../cli/doctor/findings.ts';
import { hiveChecks } from '../../../../cli/doctor/hive-checks.ts';
import { done, healthy, namenode, not, said, silent, source, written } from './findings.ts';

const all = (findings: ClusterFindings): readonly Check[] => [...filesChecks(findings), ...hiveChecks(findings)];
const check = (id: string, findings: ClusterFindings) => all(findings).find((each) => each.id === id);

/** The file system itself did not answer: nothing else of it was asked. */
const without = (listed: ClusterFindings['listed']): ClusterFindings => {
  const { home: _h, controlRootListed: _c, unfitAsTarget: _u, write: _w, closingDelays: _d, ...rest } = healthy;
  return { ...rest, listed, namenodes: [silent('http://nn1:9870')] };
};

describe('the checks of a cluster', () => {
  it('are all good, without a fix, where everything is right', () => {
    const checks = all(healthy);
    expect(checks.filter(({ status, fix }) => status !== 'ok' || fix !== undefined)).toEqual([]);
    expect(new Set(checks.map(({ id }) => id)).size).toBe(17);
  });

  it('do not ask of a source what only a target must do', () => {
    const skipped = all(source).filter(({ status }) => status === 'skip');
    expect(skipped.map(({ id }) => id)).toEqual(['write', 'rename', 'checksum', 'closing-delay', 'statistics']);
  });

  it.each<[string, string, ClusterFindings, CheckStatus, RegExp, RegExp | undefined]>([
    [
      'a port that nobody listens on',
      'hdfs',
      without(not('UNREACHABLE')),
      'fail',
      /UNREACHABLE/,
      /clusters\.lake\.webhdfs.*9870/,
    ],
    ['an RPC port', 'hdfs', without(not('BAD_ANSWER')), 'fail', /BAD_ANSWER/, /not its RPC port/],
    ['a slow namenode', 'hdfs', without(not('DEADLINE')), 'unknown', /DEADLINE/, /in time/],
    [
      'Kerberos',
      'hdfs',
      without(not('AUTH_REQUIRED', { scheme: 'Negotiate' })),
      'fail',
      /AUTH/,
      /Cluster "lake" asks for Kerberos/,
    ],
    [
      'Kerberos',
      'authentication',
      without(not('AUTH_REQUIRED', { scheme: 'Negotiate' })),
      'fail',
      /AUTH/,
      /Cluster "lake" asks for Kerberos/,
    ],
    [
      'another way to sign in',
      'authentication',
      without(not('AUTH_REQUIRED', { scheme: 'Basic' })),
      'fail',
      /AUTH/,
      /it asks for Basic/,
    ],
    [
      'Kerberos that is not asked for over HTTP',
      'authentication',
      { ...healthy, namenodes: [namenode({ secure: true })] },
      'warn',
      /believes any user name/,
      /hadoop\.http\.authentication\.type/,
    ],
    [
      'one namenode of two gone',
      'active',
      { ...healthy, namenodes: [namenode(), silent()] },
      'warn',
      /nn2:9870 does not say/,
      /Start http:\/\/nn2:9870/,
    ],
    [
      'a standby besides',
      'active',
      { ...healthy, namenodes: [namenode(), namenode({ state: 'standby' })] },
      'ok',
      /standby/,
      undefined,
    ],
    [
      'only a standby',
      'active',
      { ...healthy, namenodes: [namenode({ state: 'standby' })] },
      'fail',
      /no namenode is active/,
      /Name all namenodes/,
    ],
    ['a gateway', 'active', { ...healthy, namenodes: [silent()] }, 'skip', /gateway/, undefined],
    [
      'safe mode of a target',
      'safe-mode',
      { ...healthy, namenodes: [namenode({ safeMode: 'Safe mode is ON.' })] },
      'fail',
      /Safe mode is ON/,
      /dfsadmin -safemode/,
    ],
    [
      'safe mode of a source',
      'safe-mode',
      { ...source, namenodes: [namenode({ safeMode: 'Safe mode is ON.' })] },
      'warn',
      /only read/,
      /dfsadmin -safemode/,
    ],
    [
      'safe mode behind a gateway',
      'safe-mode',
      { ...healthy, namenodes: [silent()], write: { folder: '/f', made: not('SAFE_MODE') } },
      'fail',
      /SAFE_MODE/,
      /dfsadmin/,
    ],
    [
      'no datanode',
      'datanodes',
      { ...healthy, namenodes: [namenode({ live: 0, dead: 3 })] },
      'fail',
      /0 live, 3 dead/,
      /Start the datanodes/,
    ],
    [
      'a dead datanode',
      'datanodes',
      { ...healthy, namenodes: [namenode({ dead: 1 })] },
      'warn',
      /3 live, 1 dead/,
      /dfsadmin -report/,
    ],
    [
      'a clock behind',
      'clock',
      { ...healthy, namenodes: [namenode({}, -95_000)] },
      'warn',
      /nn1:9870 is 95 s behind/,
      /NTP/,
    ],
    ['a clock ahead', 'clock', { ...healthy, namenodes: [namenode({}, 31_000)] }, 'warn', /31 s ahead/, /NTP/],
    [
      'a clock nearly right',
      'clock',
      { ...healthy, namenodes: [namenode({}, 29_500)] },
      'ok',
      /within 30 s/,
      undefined,
    ],
    ['no clock', 'clock', { ...healthy, namenodes: [silent()] }, 'skip', /no namenode/, undefined],
    ['no home', 'user', { ...healthy, home: said('absent') }, 'warn', /may not know "etl"/, /-chown etl \/user\/etl/],
    [
      'a home that is closed',
      'user',
      { ...healthy, home: not('PERMISSION_DENIED') },
      'fail',
      /PERMISSION/,
      /Let "etl" read/,
    ],
    [
      'a control root to come',
      'control-root',
      { ...healthy, controlRootListed: said('absent') },
      'ok',
      /not there yet/,
      undefined,
    ],
    [
      'a control root of somebody else',
      'control-root',
      { ...healthy, controlRootListed: not('PERMISSION_DENIED') },
      'fail',
      /PERMISSION/,
      /r-x.*controlRoot/,
    ],
    [
      'no right to make folders',
      'write',
      { ...healthy, write: { folder: '/f', made: not('PERMISSION_DENIED') } },
      'fail',
      /PERMISSION/,
      /Give "etl" rwx/,
    ],
    [
      'no space',
      'write',
      { ...healthy, write: { folder: '/f', made: done, written: not('QUOTA_EXCEEDED') } },
      'fail',
      /QUOTA/,
      /quota/,
    ],
    [
      'a probe that stays',
      'write',
      { ...healthy, write: { ...written, deleted: not('PERMISSION_DENIED') } },
      'fail',
      /PERMISSION/,
      /rwx/,
    ],
    [
      'a target that is never written',
      'write',
      { ...healthy, access: 'read' },
      'fail',
      /marked access: "read"/,
      /clusters\.lake\.access/,
    ],
    [
      'HttpFS as a target',
      'gateway',
      { ...healthy, unfitAsTarget: said('HttpFS answers there') },
      'fail',
      /can be no target: HttpFS/,
      /clusters\.lake\.webhdfs/,
    ],
    [
      'HttpFS as a source',
      'gateway',
      { ...source, unfitAsTarget: said('HttpFS answers there') },
      'ok',
      /only read: HttpFS/,
      undefined,
    ],
    [
      'a gateway with the older rename',
      'rename',
      { ...healthy, write: { ...written, renamed: not('BAD_ANSWER') } },
      'fail',
      /rename2 is not heeded/,
      /can be no target/,
    ],
    [
      'a rename that is refused',
      'rename',
      { ...healthy, write: { ...written, renamed: said(false) } },
      'fail',
      /refused/,
      /rename2/,
    ],
    [
      'a rename that overwrites',
      'rename',
      { ...healthy, write: { ...written, renameHeeded: said(false) } },
      'fail',
      /was not refused/,
      /rename2/,
    ],
    [
      'a rename nobody could try',
      'rename',
      { ...healthy, write: { folder: '/f', made: not('PERMISSION_DENIED') } },
      'skip',
      /nothing could be written/,
      undefined,
    ],
    [
      'no checksum',
      'checksum',
      { ...healthy, write: { ...written, checksum: not('PERMISSION_DENIED') } },
      'fail',
      /PERMISSION/,
      /verify: "stream"/,
    ],
    [
      'the stock closing delay',
      'closing-delay',
      { ...healthy, closingDelays: [{ datanode: 'dn1:9864', delayMs: said(400) }] },
      'warn',
      /400 ms at dn1:9864 \(Hadoop's own value\).*about 10 files a second/,
      /locateFollowingBlock/,
    ],
    [
      'one slow datanode of two',
      'closing-delay',
      {
        ...healthy,
        closingDelays: [
          { datanode: 'dn1:9864', delayMs: said(10) },
          { datanode: 'dn2:9864', delayMs: said(200) },
        ],
      },
      'warn',
      /200 ms at dn2:9864: .*about 20 files/,
      /to 10/,
    ],
    [
      'a closed /conf',
      'closing-delay',
      { ...healthy, closingDelays: [{ datanode: 'dn1:9864', delayMs: not('AUTH_REQUIRED') }] },
      'skip',
      /shows its \/conf/,
      undefined,
    ],
  ])('%s: %s', (_, id, findings, status, says, fix) => {
    const found = check(id, findings);
    expect(found).toMatchObject({ subject: 'lake', status });
    expect(found?.says).toMatch(says);
    if (fix === undefined) expect(found?.fix).toBeUndefined();
    else expect(found?.fix).toMatch(fix);
  });

  it('blame the file system once: what hangs on it is skipped', () => {
    const checks = filesChecks(without(not('UNREACHABLE')));
    expect(checks.filter(({ status }) => status !== 'skip').map(({ id }) => id)).toEqual(['hdfs']);
  });
});
