import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { planDocument } from '../../../cli/plan-report.ts';
import { planSchema, planSchemaText } from '../../../cli/plan-schema.ts';
import { mixed, partition, planOf, previewOf } from './sample-plan.ts';

const FILE = join(__dirname, '..', '..', '..', 'schema', 'plan.schema.json');
const TIGHT = {
  path: '/warehouse',
  kind: 'space',
  limit: 2 ** 30,
  used: 0,
  needed: 6 * 2 ** 20,
  margin: 2 ** 30,
  fits: 'tight',
} as const;

/** As --json prints it. */
const printed = (preview: Parameters<typeof planDocument>[0]): unknown =>
  JSON.parse(JSON.stringify(planDocument(preview)));

describe('schema/plan.schema.json', () => {
  it('is what the sources say; when it is not: npm run schema', () => {
    expect(readFileSync(FILE, 'utf8')).toBe(planSchemaText());
  });

  it.each([
    ['of partitions of every kind', previewOf(mixed, { rooms: [TIGHT], unread: ['/'] })],
    ['of nothing to do', previewOf(planOf([partition('', 'unchanged')]))],
    ['of attributes to mend', previewOf(planOf([{ ...partition('dt=1', 'unchanged'), attributesDiffer: 2 }]))],
  ])('takes a plan %s, whole', (_what, preview) => {
    const document = printed(preview);
    expect(planSchema.parse(document)).toEqual(document);
  });

  it('takes no field more, and no finding that is none', () => {
    const document = printed(previewOf(mixed)) as object;
    expect(() => planSchema.parse({ ...document, more: 1 })).toThrow(/more/);
    expect(() =>
      planSchema.parse({ ...document, partitions: [{ ...partition('dt=1', 'new'), finding: 'odd' }] }),
    ).toThrow();
  });
});
