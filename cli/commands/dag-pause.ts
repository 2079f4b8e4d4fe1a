import { ScheduleNotFoundError } from '@temporalio/client';
import type { DagRunPhase } from '../../dag/run.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import { isOpenStatus } from '../../sync/runs.ts';
import { RUN_DAG } from '../../workflows/dag-messages.ts';
import { commandLine } from '../command-lines.ts';
import { catchUpText } from '../dag/deploy-report.ts';
import { describeRun, findDagRun } from '../dag/find-dag-run.ts';
import { localDag } from '../dag/local-dag.ts';
import { type Resumed, resumeSchedule } from '../dag/resume-schedule.ts';
import { scheduleIdOf } from '../dag/temporal-schedule.ts';
import { EXIT } from '../exit-code.ts';
import type { ConfigFlags } from '../flags.ts';
import { type Io, writeJson } from '../io.ts';
import { sendUpdate } from '../send-update.ts';
import { hasEnded } from '../sync-run.ts';
import { temporalError } from '../temporal-client.ts';
import { type Connected, withTemporal } from '../with-temporal.ts';

export type DagPauseFlags = ConfigFlags & {
  readonly interval?: string;
  readonly note?: string;
  readonly json?: boolean;
};

/**
 * `ferry dag pause <dag | run>`: a DAG's schedule starts no run, and those that go on do so; or, of a run (by its id, or by
 * the DAG's interval), no task is started, and those that run go on.
 */
export function dagPause(name: string, flags: DagPauseFlags, io: Io): Promise<number> {
  return change('pause', name, flags, io);
}

/**
 * `ferry dag resume <dag | run>`: undoes `dag pause`. What a schedule was due for meanwhile is run: with catchup all of it,
 * else the newest interval.
 */
export function dagResume(name: string, flags: DagPauseFlags, io: Io): Promise<number> {
  return change('resume', name, flags, io);
}

function change(verb: 'pause' | 'resume', name: string, flags: DagPauseFlags, io: Io): Promise<number> {
  return withTemporal(flags, io, async (connected) => {
    const isRun = flags.interval !== undefined || (await describeRun(connected.temporal, name)) !== undefined;
    return isRun ? changeRun(verb, name, flags, connected) : changeSchedule(verb, name, flags, connected);
  });
}

async function changeRun(
  verb: 'pause' | 'resume',
  name: string,
  { interval, json }: DagPauseFlags,
  connected: Connected,
): Promise<number> {
  const { io, temporal } = connected;
  const run = await findDagRun(connected, name, interval);
  const { workflowId, runId, taskQueue, status } = run;
  if (!isOpenStatus(status.name)) throw hasEnded(run);
  const phase = await sendUpdate<DagRunPhase>(temporal, { workflowId, runId, taskQueue }, RUN_DAG[verb]);
  if (json === true) writeJson(io, { schemaVersion: 1, workflowId, runId, phase });
  else if (phase === 'paused') {
    io.out.stream.write(`${workflowId} is paused: nothing is started, what runs goes on.\n`);
    io.out.stream.write(`  To go on: ${commandLine(io.program, ['dag', 'resume', workflowId])}\n`);
  } else io.out.stream.write(`${workflowId} is ${phase}.\n`);
  return EXIT.all;
}

async function changeSchedule(
  verb: 'pause' | 'resume',
  dagId: string,
  { note, json }: DagPauseFlags,
  { config, temporal, io }: Connected,
): Promise<number> {
  const scheduleId = scheduleIdOf(dagId);
  let resumed: Resumed = {};
  try {
    if (verb === 'pause') await temporal.client.schedule.getHandle(scheduleId).pause(note ?? 'ferry dag pause');
    else resumed = await resumeSchedule(temporal, dagId, note ?? 'ferry dag resume');
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError))
      throw temporalError(error, `The schedule ${scheduleId} did not change`, temporal);
    // A name that is not a DAG's is told as that.
    await localDag(config, dagId);
    const deploy = commandLine(io.program, ['dag', 'deploy']);
    throw new FerryError('SPEC_INVALID', `${dagId} has no schedule on the server. To deploy it: ${deploy}`);
  }
  const state = verb === 'pause' ? 'paused' : 'running';
  if (json === true) writeJson(io, { schemaVersion: 1, dagId, scheduleId, state, ...resumed });
  else if (verb === 'pause') {
    io.out.stream.write(`The schedule of ${dagId} is paused; runs that were started go on.\n`);
    io.out.stream.write(`  To go on: ${commandLine(io.program, ['dag', 'resume', dagId])}\n`);
  } else {
    const { catchUp, backfill } = resumed;
    io.out.stream.write(`The schedule of ${dagId} goes on.\n`);
    if (catchUp !== undefined) io.out.stream.write(`  It ${catchUpText(catchUp)}.\n`);
    if (backfill !== undefined) io.out.stream.write(`  The backfill: ${backfill}\n`);
  }
  return EXIT.all;
}
