import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readPlanFile, writePlanFile } from '../../../cli/plan-file.ts';
import { specInput } from '../../../cli/spec-input.ts';
import { planDigest, planLines } from '../../../sync/plan-lines.ts';
import { bothSides, give, plan } from '../sync/orders-on-both.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferry-plan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function written(name: string): Promise<{ path: string; digest: string }> {
  const world = await bothSides();
  await give(world, '1');
  const made = await plan(world);
  const path = join(folder, name);
  writePlanFile(path, made, new Date(0));
  return { path, digest: planDigest(planLines(made)) };
}

describe('the file of a plan', () => {
  it('is read as it was written, and leaves nothing beside it', async () => {
    const { path, digest } = await written('a.json');
    expect(readPlanFile(path)).toMatchObject({ schemaVersion: 1, madeAt: '1970-01-01T00:00:00.000Z', digest });
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  it('is the spec of the sync that is held to it; the command line goes over it', async () => {
    const { path, digest } = await written('b.json');
    expect(await specInput(undefined, { plan: path, nodes: '2' })).toMatchObject({
      table: 'sales.orders',
      source: 'a',
      target: { cluster: 'b', table: 'sales.orders' },
      nodes: { count: 2, memory: expect.any(String) },
      planDigest: digest,
    });
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ['changed by hand', (text) => text.replace('"finding": "new"', '"finding": "changed"'), /was changed after/],
    ['another document', () => '{"schemaVersion":1}', /was not written by ferry plan --out/],
    ['null', () => 'null', /was not written by/],
    ['no JSON', () => '{', /JSON/],
  ])('%s is refused, with its name', async (_, change, message) => {
    const { path } = await written('c.json');
    const text = change(readFileSync(path, 'utf8'));
    writeFileSync(path, text);
    expect(() => readPlanFile(path)).toThrow(message);
    expect(() => readPlanFile(path)).toThrow('c.json');
  });

  it('that cannot be written is a mistake of the command', async () => {
    const world = await bothSides();
    await expect(
      plan(world).then((made) => writePlanFile(join(folder, 'no', 'x.json'), made, new Date())),
    ).rejects.toMatchObject({
      code: 'SPEC_INVALID',
    });
  });
});
