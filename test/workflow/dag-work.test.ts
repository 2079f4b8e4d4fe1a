import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { beginWork } from '../../cli/dag/begin-work.ts';
import { DAG_RUN } from '../../cli/dag/dag-run-report.ts';
import { followWork } from '../../cli/dag/follow-work.ts';
import { claimsOf, knownRuns } from '../../cli/dag/known-runs.ts';
import type { Io } from '../../cli/io.ts';
import { terminal } from '../../cli/terminal.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import type { DagSpec } from '../../dag/spec.ts';
import { dagSpec, work } from './dag-spec.ts';
import { type DagStage, openDagStage, until } from './dag-stage.ts';

const { signal: SIGNAL } = new AbortController();

let stage: DagStage;
beforeAll(async () => {
  stage = await openDagStage();
}, 60_000);
afterAll(async () => {
  await stage?.close();
});

function asked(spec: DagSpec, more: object = {}) {
  const input = { spec, interval: '2026-11-24', ...more };
  return { type: 'runDag', workflowId: `dag/${spec.dagId}`, taskQueue: 'test', input, summary: spec.dagId } as const;
}

function begin(spec: DagSpec, more: object = {}) {
  return beginWork(stage.environment.client, asked(spec, more));
}

/** Follows a run as a command does whose streams are no terminal; `said` is its stderr. */
async function follow(begun: Awaited<ReturnType<typeof begin>>) {
  let said = '';
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const err = terminal(stream as unknown as NodeJS.WriteStream, {});
  const io: Io = { out: err, err, interactive: false, program: 'ferry', again: 'ferry dag trigger x' };
  const { client } = stage.environment;
  const temporal = { client, address: '', namespace: 'default', close: async () => {} };
  const config = { temporal: { taskQueue: 'test' } } as ResolvedConfig;
  const end = await followWork({ ...begun, ...DAG_RUN, how: 'Started' }, { io, temporal, config });
  return { end, said };
}

describe('a run that a command starts', () => {
  it('is joined by another command that asks for the same, and refused to one that asks for something else', async () => {
    stage.world.held.add('joined');
    const spec = dagSpec('joined', [work('joined')]);
    const first = await begin(spec);
    expect(first.kind).toBe('started');
    const second = await begin(spec);
    expect([second.kind, second.runId]).toEqual(['joined', first.runId]);
    await expect(begin(spec, { params: { x: 1 } })).rejects.toMatchObject({
      code: 'SPEC_INVALID',
      message: expect.stringContaining('dag/joined goes on already'),
    });
    stage.world.held.clear();
    expect((await follow(second)).end).toMatchObject({ kind: 'outcome', outcome: { outcome: 'success' } });
  });

  it('of a schedule is joined by a command that asks for nothing more', async () => {
    stage.world.held.add('scheduled');
    const spec = dagSpec('scheduled', [work('scheduled')]);
    const run = await stage.start('runDag', 'dag/scheduled', { spec, interval: '2026-11-24', runType: 'scheduled' });
    expect((await begin(spec)).kind).toBe('joined');
    await expect(begin(spec, { rerun: true })).rejects.toMatchObject({ code: 'SPEC_INVALID' });
    stage.world.held.clear();
    await run.result();
  });

  it('is followed to its end, with its grid', async () => {
    stage.world.failing.add('bad');
    const { end, said } = await follow(await begin(dagSpec('followed', [work('good'), work('bad', ['good'])])));
    stage.world.failing.clear();
    expect(said).toContain('Started: dag/followed\n');
    expect(end).toMatchObject({
      kind: 'outcome',
      outcome: { outcome: 'failed', failures: [{ taskId: 'bad', code: 'NoLuck' }] },
      view: { phase: 'ended', tasks: [{ state: 'success' }, { state: 'failed' }] },
    });
  });

  it('case 52: that was cancelled tells what became of its tasks; one that was terminated is cancelled too', async () => {
    stage.world.held.add('held');
    const spec = dagSpec('stopped', [work('held'), work('below', ['held'])]);
    const begun = await begin(spec);
    const atWork = (times: number) => until(() => stage.world.workOf('dag/stopped').length === times);
    await atWork(1);
    await begun.handle.cancel();
    expect((await follow(begun)).end).toMatchObject({
      kind: 'outcome',
      outcome: { outcome: 'cancelled', tasks: { cancelled: 2 } },
    });
    const again = await begin(spec);
    await atWork(2);
    await again.handle.terminate('by hand');
    stage.world.held.clear();
    expect((await follow(again)).end).toEqual({ kind: 'cancelled' });
  });

  it('that is refused tells the whole of why', async () => {
    const { end } = await follow(
      await begin({ ...dagSpec('x', []), dagId: 'refused' }, { spec: undefined, dag: 'none' }),
    );
    expect(end).toMatchObject({
      kind: 'error',
      code: 'SPEC_INVALID',
      message: expect.stringContaining('no DAG "none"'),
    });
  });
});

describe('what is known of the runs of an interval', () => {
  const interval = { start: '2026-11-24T00:00:00Z', end: '2026-11-25T00:00:00Z' };

  async function known(dagId: string) {
    const { client } = stage.environment;
    const temporal = { client, address: '', namespace: 'default', close: async () => {} };
    const claims = await claimsOf(temporal, dagId);
    const [runs] = await knownRuns(dagId, [interval], { byId: new Map(), claims }, { temporal, signal: SIGNAL });
    return runs;
  }

  it('is the run that holds it, whatever its id is, until that has ended or was terminated', async () => {
    stage.world.held.add('claimed');
    const spec = dagSpec('claimed', [work('claimed')]);
    expect(await known('claimed')).toEqual({ interval, records: [] });
    const run = await stage.start('runDag', 'from-the-ui', { spec, interval: '2026-11-24' });
    await until(() => stage.world.workOf('from-the-ui').length === 1);
    expect((await known('claimed'))?.open).toMatchObject({
      workflowId: 'from-the-ui',
      state: 'running',
      view: { phase: 'running', tasks: [{ taskId: 'claimed', state: 'running' }] },
    });
    await run.terminate('by hand');
    stage.world.held.clear();
    expect(await known('claimed')).toEqual({ interval, records: [] });
  });
});
