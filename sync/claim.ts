import { FerryError, isFerryError } from '../errors/ferry-error.ts';
import type { FileSystem } from '../storage/file-system.ts';
import { childrenOf } from './children-of.ts';
import { moveUniquely } from './move-uniquely.ts';
import type { AttemptContext } from './node-context.ts';
import { isAttempt, isAttemptOf } from './run-folder.ts';
import { layTombstone } from './tombstone.ts';

/** What claiming needs of an attempt. */
export type Claimant = Pick<AttemptContext, 'engine' | 'target' | 'folder' | 'serial'> & {
  readonly spec: Pick<AttemptContext['spec'], 'runKey'>;
  readonly node: Pick<AttemptContext['node'], 'index'>;
};

/**
 * Makes this attempt the only one at its node: its own folder appears whole by a rename, the folder of every other
 * attempt at the node is moved into it, and an empty file (tombstone) is laid at each path that an attempt ever had, so
 * that a sleeping predecessor can neither create, nor rename from or to its old paths when it wakes. Repeats until no
 * other attempt stands. Then takes over what the others left (sweep). Throws CLAIMED when another attempt did the same
 * to this one, RUN_CLOSED when the run has ended.
 */
export async function claimNode(context: Claimant): Promise<void> {
  await makeOwnFolder(context);
  while ((await adoptSiblings(context)) > 0) context.engine.heartbeat();
  await sweep(context);
}

/** Throws CLAIMED when this attempt's own folder is no longer where it made it. */
export async function assertOwn(context: Claimant): Promise<void> {
  const { target, engine, folder } = context;
  const own = await target.files.status(folder.own, { signal: engine.signal });
  if (own?.kind !== 'folder') throw claimed(context);
}

function claimed(context: Claimant): FerryError {
  return new FerryError('CLAIMED', `another attempt has taken over ${context.folder.name}`);
}

/**
 * A folder inside the own one, or on the way to a landing: made aside, given what `dress` gives it, and renamed in,
 * never by MKDIRS in place, which would make the own folder again by accident. false: it was there.
 */
export async function makeInside(
  context: Claimant,
  path: string,
  dress: (aside: string) => Promise<unknown> = async () => {},
): Promise<boolean> {
  const { target, engine, folder } = context;
  const signal = engine.signal;
  if ((await target.files.status(path, { signal }))?.kind === 'folder') return false;
  const aside = folder.aside(context.serial());
  await target.files.mkdirs(aside, { signal });
  await dress(aside);
  const answer = await target.files.rename(aside, path, { signal });
  if (answer.renamed || (await target.files.status(path, { signal }))?.kind === 'folder') return answer.renamed;
  await assertOwn(context);
  throw new FerryError('PATH_ABSENT', `could not make ${target.name}:${path}: ${answer.reason}`);
}

async function makeOwnFolder(context: Claimant): Promise<void> {
  const { target, engine, folder } = context;
  const signal = engine.signal;
  const aside = folder.aside(context.serial());
  try {
    for (const inner of ['stage', 'part', 'retired', 'adopted'])
      await target.files.mkdirs(`${aside}/${inner}`, { signal });
  } catch (error) {
    if (isFerryError(error) && error.code === 'NOT_A_FOLDER') throw closed(context);
    throw error;
  }
  const answer = await target.files.rename(aside, folder.own, { signal });
  if (answer.renamed) return;
  // Only a tombstone can stand there: the run's (closed) or this attempt's own (taken over before it began).
  if ((await target.files.status(folder.run, { signal }))?.kind !== 'folder') throw closed(context);
  throw claimed(context);
}

function closed(context: Claimant): FerryError {
  return new FerryError('RUN_CLOSED', `the run ${context.spec.runKey} has ended on ${context.target.name}`);
}

/** Moves every other attempt's folder into adopted/ and closes every path that one ever had. Tells how many it moved. */
async function adoptSiblings(context: Claimant): Promise<number> {
  const { target, engine, folder, node } = context;
  const signal = engine.signal;
  const names = await childrenOf(target.files, folder.run, signal);
  if (names === undefined) throw closed(context);
  const siblings = names.filter(
    (c) => c.kind === 'folder' && isAttemptOf(node.index, c.name) && c.name !== folder.name,
  );
  for (const sibling of siblings) {
    const from = `${folder.run}/${sibling.name}`;
    await moveInto(context, from, `${folder.adopted}/${sibling.name}`);
    await closePath(context, from);
  }
  for (const name of await adoptedNames(context, folder.adopted)) await closePath(context, `${folder.run}/${name}`);
  await assertOwn(context);
  return siblings.length;
}

async function moveInto(context: Claimant, from: string, to: string): Promise<void> {
  const { target, engine } = context;
  const moved = await moveUniquely(target.files, from, to, engine.signal);
  if (typeof moved === 'string') return;
  await assertOwn(context);
  throw new FerryError('PATH_ABSENT', `could not move ${target.name}:${from} to ${to}: ${moved.reason}`);
}

async function closePath(context: Claimant, path: string): Promise<void> {
  try {
    await layTombstone(context.target.files, path, context.engine.signal);
  } catch (error) {
    if (isFerryError(error) && (error.code === 'PATH_ABSENT' || error.code === 'NOT_A_FOLDER')) throw closed(context);
    throw error;
  }
}

/** The names of all attempts at any depth of adopted/, without the '+' that kept them apart. */
async function adoptedNames(context: Claimant, adopted: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const child of (await childrenOf(context.target.files, adopted, context.engine.signal)) ?? []) {
    if (child.kind !== 'folder' || !isAttempt(child.name)) continue;
    names.push(child.name.replace(/\++$/, ''), ...(await adoptedNames(context, `${adopted}/${child.name}/adopted`)));
  }
  return names;
}

/**
 * Takes over what lies in adopted/, at any depth: every retired version into the own retired/, every staged folder or
 * file and every chunk (in stage/ and chunks/ stands only what was closed and verified) into the own ones. Only then is the rest deleted, which
 * also ends a PUT that is still open.
 */
async function sweep(context: Claimant): Promise<void> {
  const { target, engine, folder } = context;
  const signal = engine.signal;
  for (const child of (await childrenOf(target.files, folder.adopted, signal)) ?? []) {
    await sweepAttempt(context, `${folder.adopted}/${child.name}`);
    await assertOwn(context);
    await target.files.delete(`${folder.adopted}/${child.name}`, { signal });
  }
}

async function sweepAttempt(context: Claimant, attempt: string): Promise<void> {
  const { target, engine, folder } = context;
  const signal = engine.signal;
  for (const nested of (await childrenOf(target.files, `${attempt}/adopted`, signal)) ?? []) {
    await sweepAttempt(context, `${attempt}/adopted/${nested.name}`);
  }
  for (const retired of (await childrenOf(target.files, `${attempt}/retired`, signal)) ?? []) {
    await moveInto(context, `${attempt}/retired/${retired.name}`, `${folder.retired}/${retired.name}`);
  }
  for (const staged of (await childrenOf(target.files, `${attempt}/stage`, signal)) ?? []) {
    await mergeFolder(target.files, `${attempt}/stage/${staged.name}`, folder.stage(staged.name), signal);
  }
  await mergeFolder(target.files, `${attempt}/chunks`, folder.chunks, signal);
  const left = await childrenOf(target.files, `${attempt}/retired`, signal);
  if (left !== undefined && left.length > 0)
    throw new FerryError('TARGET_CHANGED', `${target.name}:${attempt}/retired is not empty`);
}

/**
 * Moves a folder to where another one may stand already: by one rename where nothing does, else child by child. What is
 * there already stays, and what it kept out stays behind. Nothing at `from`: nothing is done.
 */
export async function mergeFolder(files: FileSystem, from: string, to: string, signal: AbortSignal): Promise<void> {
  if ((await files.rename(from, to, { signal })).renamed) return;
  for (const child of (await childrenOf(files, from, signal)) ?? []) {
    if (child.kind === 'folder') await mergeFolder(files, `${from}/${child.name}`, `${to}/${child.name}`, signal);
    else await files.rename(`${from}/${child.name}`, `${to}/${child.name}`, { signal });
  }
}
