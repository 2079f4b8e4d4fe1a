import { describe, expect, it } from '@jest/globals';
import type { CheckStatus } from '../../../../cli/doctor/check.ts';
import { leftoversVerdict } from '../../../../cli/doctor/leftovers-check.ts';
import type { Kept, TableCleaning } from '../../../../sync/clean-report.ts';
import { not, said } from './findings.ts';

function cleaning(kept: readonly Kept[]): TableCleaning {
  return {
    schemaVersion: 1,
    table: 'sales.orders',
    at: '2026-11-26T04:00:00.000Z',
    dryRun: false,
    runs: { closed: 1, open: 0, unknown: 0 },
    ...{ finished: [], restored: [], deleted: [], kept },
  };
}

const retained: Kept = { path: '/w/o/.hive-ferry/r.closed/retired/k-1', why: 'retained' };
const foreign = (n: number): Kept => ({ path: `/w/o/.hive-ferry/r.closed/retired/k-${n}`, why: 'foreign' });

describe('the check of what cleaning left', () => {
  it.each<[string, Parameters<typeof leftoversVerdict>[0], CheckStatus, RegExp, RegExp | undefined]>([
    ['never cleaned', said([]), 'skip', /ferry clean --all --target b --schedule '0 4 \* \* \*'/, undefined],
    ['only what has its time', said([cleaning([retained])]), 'ok', /1 table, cleaned since 2026-11-26/, undefined],
    [
      'a folder that is not as it was left',
      said([cleaning([retained, foreign(2)])]),
      'warn',
      /^1 folder of 1 table .*sales\.orders: .*k-2 \(not as hive-ferry left it\)$/,
      /ferry restore.*hdfs dfs -rm -r/,
    ],
    ['very many', said([cleaning([1, 2, 3, 4, 5, 6, 7].map(foreign))]), 'warn', /k-5 [^/]*, and 2 more$/, /hdfs/],
    ['no answer', not('PERMISSION_DENIED'), 'fail', /PERMISSION_DENIED/, /Grant/],
  ])('%s', (_, cleanings, status, says, fix) => {
    const verdict = leftoversVerdict(cleanings, 'b', 'ferry');
    expect([verdict.status, verdict.says]).toEqual([status, expect.stringMatching(says)]);
    expect(verdict.fix).toEqual(fix === undefined ? undefined : expect.stringMatching(fix));
  });
});
