import type { DagSpec, DataInterval } from '../../dag/spec.ts';
import { holesOf } from '../dag/holes.ts';
import { type IntervalRow, intervalRow } from '../dag/interval-row.ts';
import { knownRuns, momentsOfIds, type RunSources, runsInTemporal, startsInMemory } from '../dag/known-runs.ts';
import { localDag } from '../dag/local-dag.ts';
import { withRunSources } from '../dag/run-sources.ts';
import { cellWidth, intervalsThatFit } from '../dag/runs-grid.ts';
import { askedIntervals, knownIntervals, type Range } from '../dag/runs-range.ts';
import { missingReport, runsReport } from '../dag/runs-report.ts';
import { layoutOf } from '../dag/tell-work.ts';
import { EXIT } from '../exit-code.ts';
import type { ConfigFlags } from '../flags.ts';
import { type Io, writeJson } from '../io.ts';
import { withTemporal } from '../with-temporal.ts';

export type DagRunsFlags = ConfigFlags & Range & { readonly missing?: boolean; readonly json?: boolean };

type Asked = Parameters<typeof askedIntervals>[2] & Pick<DagRunsFlags, 'json'>;

/** All that the command knows of a DAG's runs. */
type Seen = { readonly rows: readonly IntervalRow[]; readonly firstKnown: string | undefined };

/**
 * `ferry dag runs <dag>`: tasks by intervals, of the runs that go on (Temporal) and of those that have ended (the run
 * memory, which outlives Temporal's retention). With `--missing` the intervals that are due and that neither knows a run
 * of; exit 1 when there are some.
 */
export function dagRuns(dagId: string, flags: DagRunsFlags, io: Io): Promise<number> {
  return withTemporal(flags, io, async (connected) => {
    const { config } = connected;
    const spec = await localDag(config, dagId);
    const { home, historyMs } = config.dags;
    if (home === undefined)
      io.err.stream.write('No cluster remembers runs (dags.home); only what Temporal still has is known.\n');
    const seen = await withRunSources(connected, (sources) =>
      look(spec, home === undefined ? flags : { ...flags, historyMs }, sources, io),
    );
    return flags.missing === true ? tellMissing(spec, seen, flags, io) : tellRuns(spec, seen, flags, io);
  });
}

function tellRuns(spec: DagSpec, { rows }: Seen, { json }: DagRunsFlags, io: Io): number {
  const { dagId, timezone } = spec;
  if (json) writeJson(io, { schemaVersion: 1, dagId, timezone, intervals: rows });
  else
    io.out.stream.write(`${runsReport(dagId, taskIdsOf(spec), rows, { ...layoutOf(io), timezone: spec.timezone })}\n`);
  return EXIT.all;
}

function tellMissing(spec: DagSpec, { rows, firstKnown }: Seen, { json }: DagRunsFlags, io: Io): number {
  const { dagId } = spec;
  const holes = holesOf(rows, firstKnown);
  if (json) {
    const known = firstKnown === undefined ? {} : { firstKnown };
    writeJson(io, { schemaVersion: 1, dagId, due: rows.length, ...known, missing: holes });
  } else io.out.stream.write(`${missingReport(dagId, rows, holes, { ...layoutOf(io), timezone: spec.timezone })}\n`);
  return holes.length === 0 ? EXIT.all : EXIT.none;
}

async function look(spec: DagSpec, flags: Asked, sources: RunSources, io: Io): Promise<Seen> {
  const { dagId } = spec;
  const inTemporal = await runsInTemporal(sources.temporal, dagId);
  const remembered = await startsInMemory(sources, dagId);
  const { byId, claims } = inTemporal;
  const known = knownIntervals(spec, [...remembered, ...claims.keys()], momentsOfIds(dagId, [...byId.keys()]));
  const asked = askedIntervals(spec, known, flags, new Date().toISOString());
  const whole = flags.from !== undefined || flags.missing === true || flags.json === true;
  const intervals = whole ? asked : asked.slice(-roomFor(spec, asked, io));
  const runs = await knownRuns(dagId, intervals, inTemporal, sources);
  const rows = runs.map((each) => intervalRow(spec.schedule === undefined ? asRemembered(each) : each));
  return { rows, firstKnown: known[0]?.start };
}

function roomFor(spec: DagSpec, intervals: readonly DataInterval[], { out }: Io): number {
  return intervalsThatFit(taskIdsOf(spec), out.columns(), cellWidth(intervals, spec.timezone));
}

/** A run of a DAG without a schedule has whatever interval it was given. */
function asRemembered(runs: Parameters<typeof intervalRow>[0]): Parameters<typeof intervalRow>[0] {
  const interval = runs.open?.view?.interval ?? runs.records.at(-1)?.outcome.interval ?? runs.interval;
  return { ...runs, interval };
}

function taskIdsOf({ tasks }: DagSpec): readonly string[] {
  return tasks.map(({ taskId }) => taskId);
}
