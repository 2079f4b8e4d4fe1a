import { createHash } from 'node:crypto';

/**
 * Every path that a run has on the target.
 *
 *   <control root>/<run key>/plan-<sha>.json, plan.json, *.jsonl.gz, ledger/<node>-<uuid>-<part>.jsonl, outcome.json, closed.json, snapshot-<sha>.json
 *   <control root>/tables/<db.table>/runs/<run key>.json, last.json, clean.json
 *   <stage root>/<run key>/n<i>-<uuid>/{stage/<k>, part/<n>, chunks/<file>/<n>, retired/<k>-<fileId>, adopted/<attempt>}
 *   <stage root>/<run key>/taken/<closed run>/{stage/<k>, chunks/<file>/<n>}    what an earlier run had verified
 *   <stage root>/<run key>/new-<uuid>/<n>        folders on their way into an attempt
 *   <stage root>/<run key>.closed/{retired, kept/{stage, chunks}}      what a closed run left; an empty file (tombstone) stands at <run key>
 */
export type ControlFolder = {
  readonly root: string;
  readonly plan: string;
  readonly ledger: string;
  readonly outcome: string;
  /** There once the run was closed by somebody else. */
  readonly closed: string;
  readonly failures: string;
  round(round: number): string;
  /** The start of a manifest's path; records of that hash lie at recordsPath of it. */
  manifest(round: number, node: number): string;
};

export function controlFolder(controlRoot: string, runKey: string): ControlFolder {
  const root = `${controlRoot}/${runKey}`;
  return {
    root,
    plan: `${root}/plan.json`,
    ledger: `${root}/ledger`,
    outcome: `${root}/outcome.json`,
    closed: `${root}/closed.json`,
    failures: `${root}/failures.jsonl`,
    round: (round) => `${root}/round-${round}.json`,
    manifest: (round, node) => `${root}/r${round}-node-${node}`,
  };
}

/** Where records lie whose gzipped bytes have this hash: a path never changes its content. */
export function recordsPath(pathStart: string, sha256: string): string {
  return `${pathStart}-${sha256.slice(0, 12)}.jsonl.gz`;
}

/** Where the runs of one target table are remembered. */
export function tableFolder(
  controlRoot: string,
  database: string,
  table: string,
): { root: string; runs: string; last: string; clean: string } {
  const root = `${controlRoot}/tables/${database}.${table}`;
  return { root, runs: `${root}/runs`, last: `${root}/last.json`, clean: `${root}/clean.json` };
}

/** A stage folder's name for a partition: the same in every round, attempt and reset. */
export function partitionKey(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 16);
}

/** The paths of one attempt at one node, under one stage root. */
export type AttemptFolder = {
  readonly run: string;
  readonly name: string;
  readonly own: string;
  readonly adopted: string;
  readonly retired: string;
  readonly part: string;
  readonly chunks: string;
  readonly stageRoot: string;
  stage(k: string): string;
  retiredSlot(k: string, plannedFolderId: string): string;
  /** A folder on its way in: made here, then renamed to where it belongs. */
  aside(n: number): string;
};

export function attemptFolder(stageRoot: string, runKey: string, node: number, uuid: string): AttemptFolder {
  const run = `${stageRoot}/${runKey}`;
  const name = `n${node}-${uuid}`;
  const own = `${run}/${name}`;
  return {
    run,
    name,
    own,
    adopted: `${own}/adopted`,
    retired: `${own}/retired`,
    part: `${own}/part`,
    chunks: `${own}/chunks`,
    stageRoot,
    stage: (k) => `${own}/stage/${k}`,
    retiredSlot: (k, plannedFolderId) => `${own}/retired/${k}-${plannedFolderId}`,
    aside: (n) => `${run}/new-${uuid}/${n}`,
  };
}

/** True for the folder of an attempt at this node ('n3-...'), of whatever run. */
export function isAttemptOf(node: number, name: string): boolean {
  return name.startsWith(`n${node}-`);
}

export function isAttempt(name: string): boolean {
  return /^n\d+-/.test(name);
}

/** Where a run's stage folder lies once it is closed. */
export function closedFolder(stageRoot: string, runKey: string): string {
  return `${stageRoot}/${runKey}.closed`;
}

/** True for the folder of a closed run, also for the further ones of a run that came back after its closing. */
export function isClosedFolderOf(runKey: string, name: string): boolean {
  return name.startsWith(`${runKey}.closed`) && /^\+*$/.test(name.slice(runKey.length + '.closed'.length));
}

/** The run key in the name of a folder below a stage root. */
export function runKeyOf(name: string): string {
  return name.replace(/\.closed\+*$/, '');
}

/** Where a closed folder keeps what its run had staged or verified, for the run that takes it over. */
export function keptFolder(closed: string): string {
  return `${closed}/kept`;
}

/** Where a run's folder holds what it took over from closed runs, each in a folder named like that run's closed one. */
export function takenFolder(run: string): string {
  return `${run}/taken`;
}

export function parentOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut <= 0 ? '/' : path.slice(0, cut);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * The stage root from which a landing at `to` is a rename inside one namespace, encryption zone and quota: the table's
 * own hidden folder for what lies under the table, else one beside the live folder.
 */
export function stageRootFor(to: string, tableLocation: string): string {
  return to.startsWith(`${tableLocation}/`) ? `${tableLocation}/.hive-ferry` : `${parentOf(to)}/.hive-ferry`;
}

/** The folder beside a table that holds its versions when a sync relocates it. */
export function versionsFolder(base: string): string {
  return `${base}${VERSIONS}`;
}

/** The table's folder whose versions are staged under this root; undefined: it is the root of something else. */
export function baseOfVersions(stageRoot: string): string | undefined {
  const above = parentOf(stageRoot);
  return above.endsWith(VERSIONS) ? above.slice(0, -VERSIONS.length) : undefined;
}

const VERSIONS = '-versions';
