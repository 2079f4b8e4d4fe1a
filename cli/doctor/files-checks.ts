import { type Check, fail, ok, skip, unanswered, type Verdict, warn } from './check.ts';
import type { ClusterFindings, Failed, NamenodeFindings, NamenodeInfo, Said } from './findings.ts';

export function filesChecks(findings: ClusterFindings): readonly Check[] {
  const check = (id: string, verdict: Verdict): Check => ({ id, subject: findings.name, ...verdict });
  return [
    check('hdfs', hdfsVerdict(findings)),
    check('gateway', gatewayVerdict(findings)),
    check('authentication', authenticationVerdict(findings)),
    check('active', activeVerdict(findings)),
    check('safe-mode', safeModeVerdict(findings)),
    check('datanodes', datanodesVerdict(findings)),
    check('clock', clockVerdict(findings)),
    check('user', userVerdict(findings)),
    check('control-root', controlRootVerdict(findings)),
    check('write', writeVerdict(findings)),
    check('rename', renameVerdict(findings)),
    check('checksum', checksumVerdict(findings)),
    check('closing-delay', closingDelayVerdict(findings)),
  ];
}

const NO_FILES = skip('the file system does not answer');

export function hdfsVerdict({ name, listed, namenodes }: ClusterFindings): Verdict {
  const versions = [...new Set(infos(namenodes).map(({ version }) => version))];
  if (listed.ok) return ok(`lists over WebHDFS${versions.length > 0 ? `, Hadoop ${versions.join(', ')}` : ''}`);
  return unanswered(listed.failed, signIn(name, listed.failed) ?? hdfsFix(name, listed.failed));
}

function hdfsFix(name: string, { code }: Failed): string | undefined {
  if (code !== 'UNREACHABLE' && code !== 'BAD_ANSWER') return undefined;
  return `Check that the namenode runs and that clusters.${name}.webhdfs is its HTTP address (dfs.namenode.http-address, usually port 9870), not its RPC port.`;
}

/** A server between hive-ferry and the namenodes that is not all of WebHDFS: HttpFS. */
export function gatewayVerdict({ name, target, unfitAsTarget: unfit }: ClusterFindings): Verdict {
  if (unfit === undefined) return NO_FILES;
  if (!unfit.ok) return unanswered(unfit.failed);
  if (unfit.value === undefined) return ok('no gateway that a target cannot be behind');
  if (!target) return ok(`it is only read: ${unfit.value}`);
  return fail(`it can be no target: ${unfit.value}`, `Name the namenodes themselves in clusters.${name}.webhdfs.`);
}

/** Who signs in otherwise than hive-ferry does; undefined: the failure is another one. */
export function signIn(name: string, { code, scheme }: Failed): string | undefined {
  if (code !== 'AUTH_REQUIRED') return undefined;
  return scheme?.toLowerCase() === 'negotiate'
    ? `Cluster "${name}" asks for Kerberos (HTTP Negotiate), and hive-ferry is told of a user name only (clusters.${name}.user). Put a gateway before it that signs in, or name a cluster with simple authentication.`
    : `Cluster "${name}" does not accept the bare name of clusters.${name}.user${scheme === undefined ? '' : ` (it asks for ${scheme})`}.`;
}

export function authenticationVerdict({ name, listed, namenodes, user }: ClusterFindings): Verdict {
  if (!listed.ok) {
    const fix = signIn(name, listed.failed);
    return fix === undefined ? NO_FILES : fail(listed.failed.message, fix);
  }
  if (infos(namenodes).some(({ secure }) => secure))
    return warn(
      `the cluster is kerberised, and its WebHDFS believes any user name, "${user}" too`,
      'Set hadoop.http.authentication.type=kerberos there: as it is, whoever reaches the port is whoever they say.',
    );
  return ok(`simple, as "${user}"`);
}

export function activeVerdict({ name, namenodes, listed }: ClusterFindings): Verdict {
  const states = namenodes.map(({ url, info }) => ({ url, state: info.ok ? info.value.state : undefined }));
  const [active] = states.filter(({ state }) => state === 'active');
  const silent = states.filter(({ state }) => state === undefined).map(({ url }) => url);
  const said = states.map(({ url, state }) => `${url} ${state || 'does not say'}`).join(', ');
  if (active !== undefined && silent.length === 0) return ok(said);
  if (active !== undefined)
    return warn(
      said,
      `Start ${silent.join(', ')}, or take it out of clusters.${name}.webhdfs: every call may have to go past it.`,
    );
  if (states.some(({ state }) => state !== undefined))
    return fail(
      `no namenode is active: ${said}`,
      `Name all namenodes in clusters.${name}.webhdfs, and make one active (hdfs haadmin -getAllServiceState).`,
    );
  return listed.ok ? skip('no namenode shows its /jmx; a gateway answers in its place') : NO_FILES;
}

export function safeModeVerdict({ target, namenodes, write }: ClusterFindings): Verdict {
  const [info] = active(namenodes);
  const refused = write !== undefined && !write.made.ok && write.made.failed.code === 'SAFE_MODE';
  if (info === undefined && !refused) return skip('no active namenode tells');
  const words = info?.safeMode || (refused && !write.made.ok ? write.made.failed.message : '');
  if (words === '') return ok('off');
  const fix = 'Wait for its end, or see why it stays: hdfs dfsadmin -safemode get, hdfs fsck /';
  return target ? fail(`nothing can be written: ${words}`, fix) : warn(`the source is only read: ${words}`, fix);
}

export function datanodesVerdict({ namenodes }: ClusterFindings): Verdict {
  const [info] = active(namenodes);
  if (info === undefined) return skip('no active namenode tells');
  const said = `${info.live} live, ${info.dead} dead`;
  if (info.live === 0) return fail(said, 'Start the datanodes: without one no byte can be read or written.');
  return info.dead === 0
    ? ok(said)
    : warn(said, 'See which ones, and whether blocks are missing: hdfs dfsadmin -report');
}

const SKEW_MS = 30_000;

export function clockVerdict({ namenodes }: Pick<ClusterFindings, 'namenodes'>): Verdict {
  const skews = namenodes.flatMap(({ url, skewMs }) => (skewMs === undefined ? [] : [{ url, skewMs }]));
  const worst = skews.reduce((most, each) => Math.max(most, Math.abs(each.skewMs)), 0);
  if (skews.length === 0) return skip('no namenode tells its time');
  if (worst <= SKEW_MS) return ok(`within ${Math.max(1, Math.ceil(worst / 1000))} s of this machine's`);
  const said = skews.map(
    ({ url, skewMs }) => `${url} is ${Math.abs(Math.round(skewMs / 1000))} s ${skewMs < 0 ? 'behind' : 'ahead'}`,
  );
  return warn(
    `${said.join(', ')} of this machine`,
    'Run NTP on both. minAge, and how long old versions are kept, go by the difference of the two clocks.',
  );
}

export function userVerdict({ user, home }: ClusterFindings): Verdict {
  if (home === undefined) return NO_FILES;
  if (!home.ok) return unanswered(home.failed, `Let "${user}" read /user/${user}, or correct the user's name.`);
  if (home.value === 'there') return ok(`"${user}" has a home, /user/${user}`);
  return warn(
    `there is no /user/${user}: the cluster may not know "${user}"`,
    `Check the name; for a new user: hdfs dfs -mkdir -p /user/${user} && hdfs dfs -chown ${user} /user/${user}`,
  );
}

export function controlRootVerdict({ user, controlRoot, controlRootListed: listed }: ClusterFindings): Verdict {
  if (listed === undefined) return NO_FILES;
  if (listed.ok) return ok(listed.value === 'there' ? `${controlRoot} is listed` : `${controlRoot} is not there yet`);
  return unanswered(listed.failed, grant('read', controlRoot, user));
}

export function writeVerdict({ name, target, access, user, controlRoot, write, listed }: ClusterFindings): Verdict {
  if (!target) return skip('a source is only read');
  if (access === 'read')
    return fail('it is marked access: "read"', `Name another target, or set clusters.${name}.access to "write".`);
  if (!listed.ok || write === undefined) return NO_FILES;
  const { made, written, deleted } = write;
  const failed = [made, written, deleted].flatMap((step) => (step === undefined || step.ok ? [] : [step.failed]))[0];
  if (failed !== undefined)
    return unanswered(failed, failed.code === 'PERMISSION_DENIED' ? grant('write', controlRoot, user) : undefined);
  return ok(`${controlRoot} takes folders and files, and gives them up again`);
}

export function renameVerdict({ name, target, write }: ClusterFindings): Verdict {
  if (!target) return skip('a source is only read');
  if (write?.renamed === undefined) return skip('nothing could be written');
  const fix = `Name the namenodes themselves in clusters.${name}.webhdfs, or a gateway that passes renameoptions on: without rename2 a partition cannot be published whole or not at all, and this cluster can be no target.`;
  if (!write.renamed.ok)
    return write.renamed.failed.code === 'BAD_ANSWER'
      ? fail(`rename2 is not heeded: ${write.renamed.failed.message}`, fix)
      : unanswered(write.renamed.failed);
  if (!write.renamed.value) return fail('a rename to a free path was refused', fix);
  if (write.renameHeeded === undefined) return skip('nothing could be renamed');
  if (!write.renameHeeded.ok) return unanswered(write.renameHeeded.failed, fix);
  return write.renameHeeded.value
    ? ok('rename2 is heeded: never onto what is there')
    : fail('a rename onto a file that is there was not refused', fix);
}

export function checksumVerdict({ target, write }: ClusterFindings): Verdict {
  if (!target) return skip('a source is only read; nothing was written to ask for');
  const checksum = write?.checksum;
  if (checksum === undefined) return skip('nothing could be written');
  if (checksum.ok) return ok(checksum.value);
  return unanswered(
    checksum.failed,
    'Let the user read checksums (GETFILECHECKSUM), or sync with verify: "stream" or "length".',
  );
}

/** Hadoop's own value. A datanode's few HTTP event loops sleep so long whenever a file is closed. */
const STOCK_MS = 400;
const SLOW_MS = 100;

export function closingDelayVerdict({ target, closingDelays: delays }: ClusterFindings): Verdict {
  if (!target) return skip('a source is only read');
  if (delays === undefined || delays.length === 0) return skip('no namenode names the HTTP address of a datanode');
  const known = delays.flatMap(({ datanode, delayMs }) => (delayMs.ok ? [{ datanode, ms: delayMs.value }] : []));
  if (known.length === 0) return skip('no datanode shows its /conf');
  const slowest = known.reduce((a, b) => (b.ms > a.ms ? b : a));
  const said = `${slowest.ms} ms at ${slowest.datanode}`;
  if (slowest.ms < SLOW_MS) return ok(said);
  return warn(
    `${said}${slowest.ms === STOCK_MS ? " (Hadoop's own value)" : ''}: each file written holds one of that datanode's few HTTP event loops for so long, whatever the client does; on 2 cores about ${Math.max(1, Math.round(4000 / slowest.ms))} files a second`,
    "Set dfs.client.block.write.locateFollowingBlock.initial.delay.ms to 10 in the datanodes' hdfs-site.xml and restart them. Few large files do not feel it.",
  );
}

function grant(right: 'read' | 'write', folder: string, user: string): string {
  const how = right === 'read' ? 'r-x' : 'rwx';
  return `Give "${user}" ${how} there (hdfs dfs -chown -R ${user} ${folder}, or an ACL), or set controlRoot to a folder of theirs.`;
}

function infos(namenodes: readonly NamenodeFindings[]): readonly NamenodeInfo[] {
  return namenodes.flatMap(({ info }: { readonly info: Said<NamenodeInfo> }) => (info.ok ? [info.value] : []));
}

function active(namenodes: readonly NamenodeFindings[]): readonly NamenodeInfo[] {
  return infos(namenodes).filter(({ state }) => state === 'active');
}
