import { describe, expect, it } from '@jest/globals';
import { replaceControlFile } from '../../../sync/control-file.ts';
import { lastSuccesses } from '../../../sync/last-successes.ts';
import type { Outcome, OutcomeKind } from '../../../sync/outcome.ts';
import { SIGNAL, twoClusters } from './two-clusters.ts';

type Run = readonly [day: number, outcome: OutcomeKind | 'unfinished'];

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T03:00:00Z`;

/** A target on which these runs of these tables are on record, each run named by its day. */
async function targetAfter(tables: Readonly<Record<string, readonly Run[]>>) {
  const { target, engine } = twoClusters();
  const writing = { signal: SIGNAL, uuid: engine.uuid };
  const write = async (path: string, value: object) => {
    const full = `${target.controlRoot}/${path}`;
    await target.files.mkdirs(full.slice(0, full.lastIndexOf('/')), { signal: SIGNAL });
    await replaceControlFile(target.files, full, Buffer.from(JSON.stringify(value)), writing);
  };
  for (const [table, runs] of Object.entries(tables)) {
    for (const [day, kind] of runs) {
      const runKey = `${table}-${day}`;
      await write(`tables/${table}/runs/${runKey}.json`, { schemaVersion: 1, runKey, at: at(day) });
      if (kind === 'unfinished') continue;
      const outcome = { table, outcome: kind, endedAt: at(day) } as Outcome;
      await write(`${runKey}/outcome.json`, outcome);
      await write(`tables/${table}/last.json`, outcome);
    }
  }
  return target;
}

async function successes(tables: Readonly<Record<string, readonly Run[]>>): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { table, endedAt } of lastSuccesses(await targetAfter(tables), SIGNAL)) found[table] = endedAt;
  return found;
}

describe('the last success of each table of a target', () => {
  it('is none where nothing was ever written', async () => {
    expect(await successes({})).toEqual({});
  });

  it('is the last run, when that ended well', async () => {
    const tables = {
      'sales.orders': [
        [1, 'failed'],
        [2, 'complete'],
      ],
      'web.clicks': [
        [1, 'complete'],
        [3, 'nothing-to-do'],
      ],
    } as const;
    expect(await successes(tables)).toEqual({ 'sales.orders': at(2), 'web.clicks': at(3) });
  });

  it('is the last good one of those before, when it did not', async () => {
    const tables = {
      'sales.orders': [
        [1, 'complete'],
        [2, 'complete'],
        [3, 'partial'],
        [4, 'cancelled'],
      ],
      'web.clicks': [
        [1, 'complete'],
        [2, 'refused'],
        [3, 'unfinished'],
      ],
    } as const;
    expect(await successes(tables)).toEqual({ 'sales.orders': at(2), 'web.clicks': at(1) });
  });

  it('is none where no run on record ended well, or none has ended', async () => {
    const tables = {
      'sales.orders': [
        [1, 'failed'],
        [2, 'partial'],
      ],
      'web.clicks': [[1, 'unfinished']],
    } as const;
    expect(await successes(tables)).toEqual({});
  });
});
