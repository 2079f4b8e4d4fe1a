import { describe, expect, it } from '@jest/globals';
import { FerryError } from '../../../errors/ferry-error.ts';
import {
  provesNoDatabase,
  provesNoPartition,
  provesNoTable,
  provesUnpartitioned,
} from '../../../hive/hiveserver2/absence.ts';
import { sqlError } from '../../../hive/hiveserver2/sql-error.ts';

const PROOFS = { provesNoTable, provesNoDatabase, provesNoPartition, provesUnpartitioned };
const proofsIn = (error: unknown) =>
  Object.entries(PROOFS)
    .filter(([, proves]) => proves(error))
    .map(([name]) => name);

/** As HiveServer2 4.0.1 answers, with the number of its error and without. */
const compiled = (text: string, code = -1) =>
  sqlError(
    { name: 'Status Error', code, message: `Error while compiling statement: FAILED: ${text}` },
    'b',
    'DESCRIBE EXTENDED `x`.`[Error 10001]`',
  );

describe('an error proves absence', () => {
  it.each([
    ['SemanticException [Error 10001]: Table not found ext.nope', 10_001, ['provesNoTable']],
    ['SemanticException [Error 10072]: Database does not exist: nodb', 10_072, ['provesNoTable', 'provesNoDatabase']],
    ['SemanticException [Error 10006]: Partition not found {day=nope}', 10_006, ['provesNoPartition']],
    [
      'Execution Error, return code 10241 from org.apache.hadoop.hive.ql.ddl.DDLTask. Table x.y is not a partitioned table',
      10_241,
      ['provesUnpartitioned'],
    ],
  ])('%s', (text, code, proofs) => {
    expect(proofsIn(compiled(text, code))).toEqual(proofs);
    expect(proofsIn(compiled(text))).toEqual(proofs);
  });

  it.each([
    compiled('HiveException Unable to fetch table nope. Connection refused', 40_000),
    compiled("ParseException line 1:22 cannot recognize input near 'ext'", 40_000),
    compiled('HiveAccessControlException Permission denied: user [etl] [Error 10001]', 40_000),
    new FerryError('CONNECTION_LOST', '[Error 10001]'),
    new Error('[Error 10001]'),
  ])('not when it says something else: %s', (error) => {
    expect(proofsIn(error)).toEqual([]);
  });
});
