import { isFerryError } from '../errors/ferry-error.ts';
import { assertOwn } from './claim.ts';
import type { AttemptContext } from './node-context.ts';
import type { AttemptFolder } from './run-folder.ts';

const asked = new WeakMap<AttemptFolder, Promise<boolean>>();

/**
 * Whether the target joins files where this attempt works; an encryption zone, say, refuses it. Tried once an attempt,
 * with two files of a byte, before anything large is copied in vain.
 */
export function canJoin(context: AttemptContext): Promise<boolean> {
  const { folder } = context;
  const before = asked.get(folder);
  if (before) return before;
  const answer = tryJoin(context);
  asked.set(folder, answer);
  answer.catch(() => asked.delete(folder));
  return answer;
}

async function tryJoin(context: AttemptContext): Promise<boolean> {
  const { target, engine, folder } = context;
  const { signal } = engine;
  const files = [1, 2].map(() => `${folder.part}/${context.serial()}`);
  for (const path of files) await target.files.create(path, oneByte, { signal });
  const [first = '', second = ''] = files;
  const joined = await joinFiles(context, first, [second], 2);
  for (const path of joined ? [first] : files) await target.files.delete(path, { signal });
  if (!joined) engine.log.warn('files cannot be joined here, large ones are copied whole', { path: folder.part });
  return joined;
}

async function* oneByte(): AsyncGenerator<Uint8Array> {
  yield Uint8Array.of(0);
}

/**
 * Joins files of one folder to the first of them, which is `length` bytes long then. A refusal or an answer that was
 * lost is settled by that length. false: the cluster refuses to join them. Throws CLAIMED when the folder was taken over.
 */
export async function joinFiles(
  context: AttemptContext,
  first: string,
  others: readonly string[],
  length: number,
): Promise<boolean> {
  const { target, engine } = context;
  const { signal } = engine;
  let failure: unknown;
  try {
    const answer = await target.files.concat(first, others, { signal });
    if (answer.joined) return true;
    engine.log.warn('files were not joined', { path: first, message: answer.reason });
  } catch (error) {
    if (!isFerryError(error)) throw error;
    failure = error;
  }
  if ((await target.files.status(first, { signal }))?.length === length) return true;
  await assertOwn(context);
  if (failure !== undefined) throw failure;
  return false;
}
