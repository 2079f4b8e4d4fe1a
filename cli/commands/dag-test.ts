import { resolve } from 'node:path';
import { loadConfig } from '../../config/load-config.ts';
import { loadDagFile } from '../../config/load-dags.ts';
import { decideInterval } from '../../dag/decide-interval.ts';
import { runParams } from '../../dag/params.ts';
import { parseDagSpec } from '../../dag/parse-spec.ts';
import type { ResolvedDagRun } from '../../dag/run.ts';
import type { DagSpec } from '../../dag/spec.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import { didYouMean } from '../../sync/problems.ts';
import { dagRunId } from '../../workflows/dag-messages.ts';
import { type ParamsFlags, paramsOfFlags } from '../dag/params-flags.ts';
import { fakePerform, fakeXcoms, realPerform } from '../dag/perform-task.ts';
import { type PlayedDag, playDag } from '../dag/play-dag.ts';
import { playedLine, playReport } from '../dag/play-report.ts';
import { layoutOf } from '../dag/tell-work.ts';
import { EXIT } from '../exit-code.ts';
import { type ConfigFlags, configRequest } from '../flags.ts';
import { Interrupted, onInterrupt } from '../interrupt.ts';
import { type Io, writeJson } from '../io.ts';

export type DagTestFlags = ConfigFlags &
  ParamsFlags & {
    readonly dag?: string;
    readonly interval?: string;
    readonly fake?: boolean;
    readonly xcom?: readonly string[];
    readonly json?: boolean;
  };

/**
 * `ferry dag test <file>`: runs one interval of a DAG in this process, without Temporal and without a worker: over the
 * clusters of the config, or with `--fake` over nothing at all. Nothing is claimed or remembered.
 */
export async function dagTest(file: string, flags: DagTestFlags, io: Io): Promise<number> {
  const spec = await dagOfFile(file, flags.dag);
  const run = runOf(spec, flags.interval, (await paramsOfFlags(spec, flags)) ?? {});
  const stopping = new AbortController();
  const interrupts = onInterrupt(false, (interruption) => {
    if (interruption === 'leave-now') process.exit(EXIT.interrupted);
    stopping.abort(new Interrupted());
  });
  try {
    const played = await play(run, flags, io, stopping.signal);
    if (flags.json) writeJson(io, { schemaVersion: 1, ...played });
    else io.out.stream.write(`${playReport(played, layoutOf(io))}\n`);
    return played.outcome.outcome === 'success' ? EXIT.all : EXIT.none;
  } finally {
    interrupts.stop();
  }
}

async function play(run: ResolvedDagRun, flags: DagTestFlags, io: Io, signal: AbortSignal): Promise<PlayedDag> {
  const xcoms = fakeXcoms(flags.xcom ?? []);
  if (flags.fake === true) return await playDag(run, fakePerform(xcoms), () => {}, signal);
  const [{ config }, { openTasksInProcess }] = await Promise.all([
    loadConfig(configRequest(flags)),
    import('../../workers/tasks-in-process.ts'),
  ]);
  const tasks = openTasksInProcess(config);
  try {
    const { columns, colors } = io.err;
    return await playDag(
      run,
      realPerform(tasks, xcoms, signal),
      (task) => void io.err.stream.write(`${playedLine(task, { columns: columns(), colors })}\n`),
      signal,
    );
  } finally {
    await tasks.close();
  }
}

async function dagOfFile(name: string, dagId: string | undefined): Promise<DagSpec> {
  const file = resolve(name);
  const loaded = await loadDagFile(file, (candidate) => parseDagSpec(candidate));
  if ('error' in loaded) throw new FerryError('SPEC_INVALID', `${file} cannot be used: ${loaded.error}`);
  const ids = loaded.dags.map((each) => each.dagId);
  const found = loaded.dags.filter((each) => dagId === undefined || each.dagId === dagId);
  const [spec, other] = found;
  if (spec !== undefined && other === undefined) return spec;
  if (dagId !== undefined && spec === undefined)
    throw new FerryError('SPEC_INVALID', `${file} has no DAG ${dagId} (${ids.join(', ')})${didYouMean(dagId, ids)}`);
  throw new FerryError('SPEC_INVALID', `${file} has ${ids.length} DAGs; name one with --dag: ${ids.join(', ')}`);
}

function runOf(spec: DagSpec, given: string | undefined, params: ResolvedDagRun['context']['params']): ResolvedDagRun {
  const { dagId, timezone } = spec;
  const startedAt = new Date().toISOString();
  const { interval } = decideInterval(spec, { startedAt, ...(given === undefined ? {} : { given }) });
  const workflowId = dagRunId(dagId, interval.end);
  return {
    schemaVersion: 1,
    workflowId,
    runKey: '',
    runId: '',
    spec,
    context: { dagId, runId: workflowId, runType: 'manual', interval, timezone, params: runParams(spec, params) },
    rerun: false,
  };
}
