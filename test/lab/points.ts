import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Outcome, ResolvedSpec } from '../../sync/outcome.ts';
import { takeRemembered } from './attempt.ts';
import { AttemptProcess } from './attempt-process-handle.ts';
import { stopAtPoint } from './stop-at-point.ts';
import { added, linesOf, REPLACED, SAME, type VersionedTable } from './versioned-table.ts';

/** FERRY_POINTS=all tries every point; else as many of them as a suite has the time for. */
const ALL = process.env.FERRY_POINTS === 'all';
const ATTEMPTS = 4;

/** Changes that only move the bytes of files: many alike, and all in the attempt's own folder. */
const COPYING = /^b\.(create|setModificationTime|rename)\(.*\/part\//;
/** Records of the run, which nobody but its own attempts reads. */
const RECORDING = /^b\.(create|rename|mkdirs|delete)\(\/user\//;

/** What each trial of a suite shares: the memory of the runs, and processes that are started ahead of time. */
export class Trials {
  readonly table: VersionedTable;
  readonly #folder = mkdtempSync(join(tmpdir(), 'ferry-points-'));
  #next = new AttemptProcess();

  constructor(table: VersionedTable) {
    this.table = table;
  }

  /** The next version of the source, and a run that is to bring it to the target. */
  async begin(): Promise<{ readonly spec: ResolvedSpec; readonly memory: string }> {
    await this.table.advance();
    const memory = mkdtempSync(join(this.#folder, 'run-'));
    return { spec: this.table.spec(), memory };
  }

  process(): AttemptProcess {
    const now = this.#next;
    this.#next = new AttemptProcess();
    return now;
  }

  /** The calls that a run makes when nothing stops it, in their order. */
  async record(): Promise<readonly string[]> {
    const { spec, memory } = await this.begin();
    const attempt = this.process();
    attempt.order({ spec, memory });
    await attempt.ended;
    await this.table.forget(spec.runKey);
    return begun(attempt.told);
  }

  async close(): Promise<void> {
    this.#next.signal('SIGKILL');
    await this.#next.ended;
    rmSync(this.#folder, { recursive: true });
  }
}

/** The numbers of the points that are tried: all, or `moves` of those where something is moved or registered, and `others` of the rest. */
export function choosePoints(calls: readonly string[], moves: number, others: number): readonly number[] {
  const numbered = calls.map((call, place) => ({ call, at: place + 1 }));
  const isOther = ({ call }: { readonly call: string }) => COPYING.test(call) || RECORDING.test(call);
  const rest = numbered.filter(isOther);
  const main = numbered.filter((each) => !isOther(each));
  const chosen = ALL ? numbered : [...spread(main, moves), ...spread(rest, others)];
  return chosen.map(({ at }) => at).sort((one, other) => one - other);
}

function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, place) => all[Math.floor((place * all.length) / most)] as T);
}

/** The run by another worker, from what is remembered; a step that fails is taken again, as Temporal would. */
export async function takeOver(
  { table }: Trials,
  spec: ResolvedSpec,
  memory: string,
): Promise<{ readonly outcome: Outcome; readonly told: readonly string[] }> {
  const told: string[] = [];
  const open = stopAtPoint(table.open, (line) => told.push(line));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { outcome: await takeRemembered(open, spec, memory), told };
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(50);
    }
  }
}

function begun(told: readonly string[]): readonly string[] {
  return told.filter((line) => line.startsWith('before ')).map((line) => line.slice('before '.length));
}

/** How many files were written, and how many of them were taken for good. */
export function copied(told: readonly string[]): { readonly begun: number; readonly good: number } {
  return {
    begun: told.filter((line) => /^before b\.create\(.*\/part\//.test(line)).length,
    good: told.filter((line) => /^after b\.rename\(.*\/part\//.test(line)).length,
  };
}

/** The target is the version of the source, whole and registered; what the run had no business with is as it was. */
export async function assertComplete(
  { table }: Trials,
  { runKey }: ResolvedSpec,
  outcome: Outcome,
  before: { readonly neighbours: readonly string[]; readonly same: readonly string[] },
): Promise<void> {
  expect(outcome).toMatchObject({ outcome: 'complete', failures: [] });
  const { version } = table;
  const content = new Map(
    [REPLACED, SAME, added(version)].map((name) => [name, linesOf(name, versionOf(name, version))]),
  );
  expect(await table.registered()).toEqual(content);
  expect(await table.staging(runKey)).toEqual([]);
  expect(await table.neighbours()).toEqual(before.neighbours);
  expect(await table.same()).toEqual(before.same);
}

function versionOf(partition: string, version: number): number {
  return partition === SAME ? 0 : version;
}
