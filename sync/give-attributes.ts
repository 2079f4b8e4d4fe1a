import { FerryError, messageOf } from '../errors/ferry-error.ts';
import type { Attributes } from '../storage/file-system.ts';
import { changesTo, describeChange, mustBeSet, type Wanted } from './attributes.ts';
import { assertOwn, type Claimant } from './claim.ts';
import { isRefusal } from './is-refusal.ts';

/** Names what the cluster would not set. */
export type Told = (attribute: string) => void;

/**
 * Sets what differs, and tells whether anything was set. What the cluster refuses is logged and told; it is thrown, as PERMISSION_DENIED, only where the
 * folder would be open to more people than wanted.
 */
export async function giveAttributes(
  context: Claimant,
  path: string,
  want: Wanted,
  told: Told = () => {},
): Promise<boolean> {
  const { target, engine } = context;
  const { signal } = engine;
  const have = await presentAttributes(context, path);
  let set = false;
  for (const change of changesTo(have, want)) {
    try {
      await target.files.setAttribute(path, change, { signal });
      set = true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const attribute = describeChange(change);
      if (mustBeSet(change, have))
        throw new FerryError('PERMISSION_DENIED', `${attribute}: ${messageOf(error)}`, { cause: error });
      engine.log.warn('attribute not handed on', { path, attribute, message: messageOf(error) });
      told(attribute);
    }
  }
  return set;
}

/** Of a path that this attempt knows to be there; gone: CLAIMED, or PATH_ABSENT. */
export async function presentAttributes(context: Claimant, path: string): Promise<Attributes> {
  const { target, engine } = context;
  const have = await target.files.attributes(path, { signal: engine.signal });
  if (have !== undefined) return have;
  await assertOwn(context);
  throw new FerryError('PATH_ABSENT', `${target.name}:${path} is gone`);
}
