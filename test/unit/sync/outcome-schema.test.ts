import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { outcomeWithoutRun } from '../../../cli/outcome-without-run.ts';
import type { Outcome } from '../../../sync/outcome.ts';
import { outcomeSchema, outcomeSchemaText } from '../../../sync/outcome-schema.ts';
import { makeWorld, putVersion, runSync } from '../../crash/world.ts';

const ROOT = join(__dirname, '..', '..', '..');

/** As it comes out of Temporal, or of --json. */
const carried = (outcome: Outcome): unknown => JSON.parse(JSON.stringify(outcome));

describe('schema/outcome.schema.json', () => {
  it('is what the sources say; when it is not: npm run schema', () => {
    expect(readFileSync(join(ROOT, 'schema', 'outcome.schema.json'), 'utf8')).toBe(outcomeSchemaText());
  });

  it.each(['partitioned', 'unpartitioned', 'relocated'] as const)('takes the outcome of a run (%s)', async (kind) => {
    const world = await makeWorld(kind);
    await putVersion(world, 'new');
    const first = carried(await runSync(world, 'run-1'));
    expect(outcomeSchema.parse(first)).toEqual(first);
    const second = carried(await runSync(world, 'run-2'));
    expect(outcomeSchema.parse(second)).toMatchObject({ outcome: 'nothing-to-do' });
  });

  it('takes the outcome of a sync that never had a run, and no field more', () => {
    const asked = { source: 'a', target: 'b', table: 'x.y', selection: '' };
    const why = { code: 'TABLE_NOT_FOUND', message: 'no such table' } as const;
    const none = carried(outcomeWithoutRun(asked, 'refused', why, [new Date(0), new Date(1500)]));
    expect(outcomeSchema.parse(none)).toEqual(none);
    expect(() => outcomeSchema.parse({ ...Object(none), more: 1 })).toThrow(/more/);
    expect(() => outcomeSchema.parse({ ...Object(none), outcome: 'fine' })).toThrow();
  });
});
