import { isDeepStrictEqual } from 'node:util';
import { configProblems } from '../../dag/config-problems.ts';
import { type Deployment, decideDeployments, isChange } from '../../dag/deployment.ts';
import { FerryError } from '../../errors/ferry-error.ts';
import { type Problem, problemsError } from '../../sync/problems.ts';
import { canConfirm, confirm } from '../confirm.ts';
import { applyAll, type Decided, type DeploymentEnd } from '../dag/apply-deployment.ts';
import { deployEndReport, deployReport } from '../dag/deploy-report.ts';
import { deployedDags } from '../dag/deployed-dags.ts';
import { localDags } from '../dag/local-dags.ts';
import { selectDags, unknownIds } from '../dag/select-dags.ts';
import { signerOf } from '../dag/signer.ts';
import { EXIT } from '../exit-code.ts';
import type { ConfigFlags } from '../flags.ts';
import { type Io, writeJson } from '../io.ts';
import { type Connected, withTemporal } from '../with-temporal.ts';

export type DagDeployFlags = ConfigFlags & {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly exitCode?: boolean;
  readonly prune?: boolean;
  readonly json?: boolean;
};

/** With --exit-code: there is something to do. */
const CHANGES = 10;

/**
 * `ferry dag deploy [files | dag ids...]`: brings the schedules of the server to what the DAG files say. What it is about
 * to do is told, and done after a yes. Exit 0 done or nothing to do, 1 nothing could be done, 2 some of it.
 */
export function dagDeploy(names: readonly string[], flags: DagDeployFlags, io: Io): Promise<number> {
  return withTemporal(flags, io, async (connected) => {
    const decide = await deciderOf(names, flags, connected);
    for (let decided = await decide(); ; ) {
      const { deployments } = decided;
      const changes = deployments.filter(isChange);
      if (flags.json !== true) show(deployments, io);
      if (changes.length === 0 || flags.dryRun === true) {
        if (flags.json === true) writeDocument(deployments, flags, io);
        return changes.length > 0 && flags.exitCode === true ? CHANGES : EXIT.all;
      }
      if (flags.yes === true) return apply(decided, flags, connected);
      if (!(await agreed(flags, connected))) {
        io.err.stream.write('Nothing was changed.\n');
        return EXIT.none;
      }
      decided = await decide();
      if (isDeepStrictEqual(deployments, decided.deployments)) return apply(decided, flags, connected);
      io.err.stream.write('It has changed meanwhile:\n');
    }
  });
}

/** Everything that stands in the way is told at once, before the server is asked. */
async function deciderOf(
  names: readonly string[],
  { prune = false }: DagDeployFlags,
  { config, temporal }: Connected,
): Promise<() => Promise<Decided>> {
  const { taskQueue } = config.temporal;
  const local = await localDags(config);
  const selected = selectDags(local, names, process.cwd());
  const worker = { clusters: Object.keys(config.clusters), activities: config.dags.activities };
  assertNone([
    ...selected.problems,
    ...selected.dags.flatMap(({ spec, file }) =>
      configProblems(spec, worker).map(({ path, message }) => ({ path: file, message: `${path}: ${message}` })),
    ),
  ]);
  const signature = signerOf(config);
  return async () => {
    const specs = selected.dags.map(({ spec }) => spec);
    const ids = selected.ids ?? specs.map(({ dagId }) => dagId);
    const found = await deployedDags(temporal, taskQueue, ids);
    const deployed = selected.ids === undefined ? found : found.filter(({ dagId }) => ids.includes(dagId));
    assertNone(
      unknownIds(
        selected,
        deployed.map(({ dagId }) => dagId),
        local,
      ),
    );
    const at = new Date().toISOString();
    return { at, deployments: decideDeployments({ local: specs, deployed, taskQueue, signature, prune, now: at }) };
  };
}

function assertNone(problems: readonly Problem[]): void {
  if (problems.length > 0) throw problemsError('SPEC_INVALID', 'Nothing was deployed', problems);
}

/** Asks only who has seen what is about to change. */
async function agreed({ json }: DagDeployFlags, { io, temporal }: Connected): Promise<boolean> {
  if (json === true || !canConfirm(io))
    throw new FerryError('SPEC_INVALID', 'Nothing was changed: nobody can be asked here. Say --yes, or --dry-run.');
  return confirm(`Change the schedules of ${temporal.address}, namespace ${temporal.namespace}?`, io);
}

async function apply(decided: Decided, flags: DagDeployFlags, { io, temporal }: Connected): Promise<number> {
  const ends = await applyAll(temporal, decided);
  const failed = [...ends.values()].filter(({ error }) => error !== undefined).length;
  if (flags.json === true) writeDocument(decided.deployments, flags, io, ends);
  else io.out.stream.write(`${deployEndReport(ends, { again: io.again, colors: io.out.colors })}\n`);
  if (failed === 0) return EXIT.all;
  return failed < ends.size ? EXIT.some : EXIT.none;
}

function show(deployments: readonly Deployment[], { out }: Io): void {
  const layout = { columns: out.columns(), colors: out.colors, now: new Date().toISOString() };
  out.stream.write(`${deployReport(deployments, layout)}\n`);
}

/** The specs themselves are left out: they stand in the files. */
function writeDocument(
  deployments: readonly Deployment[],
  { dryRun = false }: DagDeployFlags,
  io: Io,
  ends: ReadonlyMap<string, DeploymentEnd> = new Map(),
): void {
  const rows = deployments.map(({ schedule: _, ...each }) => ({ ...each, ...ends.get(each.dagId) }));
  writeJson(io, { schemaVersion: 1, dryRun, deployments: rows });
}
