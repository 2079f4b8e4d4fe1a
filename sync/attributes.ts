import { inheritedGuard, isDefaultEntry, opensMore, sameAcl, withBits } from '../storage/acl.ts';
import type { AttributeChange, Attributes } from '../storage/file-system.ts';

/** What a folder is to be given; what is left out stays as it is. */
export type Wanted = Partial<Attributes>;

/** The owner of a staged folder has to write into it, whoever may in the end. */
const OWN = '700';

/**
 * What a folder is given before files are written into it, so that they inherit group and default ACL. Its owner and
 * storage policy come when it is whole: no more can be written once it is another's, and a policy whose kind of disk is
 * full or absent would fail the copy, where HDFS would have moved the blocks later.
 */
export function whileStaged({ group, permission, acl }: Attributes): Wanted {
  return { group, permission: withBits(permission, '777', OWN), acl };
}

/**
 * What a new folder is given: the group and default ACL that HDFS would give it where it lands, and, without a default
 * ACL, the permission of the folder it lands in, so that a closed table has no open partition.
 */
export function following({ group, permission = '755', acl }: Wanted): Wanted {
  const mode = acl?.some(isDefaultEntry) ? '777' : withBits(permission, '777', OWN);
  const guard = inheritedGuard(acl ?? [], mode, 'folder');
  return { group, permission: withBits(guard.permission, '777', OWN), acl: acl && guard.acl };
}

/** A file may be read and written by whom its folder may; its writer has to read it back. */
export function fileMode({ permission = '755' }: Wanted): string {
  return withBits(permission, '666', '600');
}

/** Whether a file made in a folder would inherit something else there than in one that is as wanted. */
export function inheritsOtherwise(have: Attributes, { group, acl }: Wanted): boolean {
  const defaults = (entries: Attributes['acl']) => (entries ?? []).filter(isDefaultEntry);
  return (group !== undefined && group !== have.group) || !sameAcl(defaults(have.acl), defaults(acl));
}

/** Only what differs, the owner last: what is another's cannot be changed any more. A cluster without ACLs is asked for none. */
export function changesTo(have: Attributes, want: Wanted): readonly AttributeChange[] {
  const { owner, group, permission = have.permission, acl, storagePolicy } = want;
  const changes: AttributeChange[] = [];
  if ('storagePolicy' in want && storagePolicy !== have.storagePolicy)
    changes.push({ set: 'storagePolicy', storagePolicy });
  const otherAcl = acl !== undefined && have.acl !== undefined && !sameAcl(acl, have.acl);
  if (otherAcl) changes.push({ set: 'acl', acl, permission });
  // An ACL is set with its permission, but for the sticky bit.
  const differs = otherAcl ? stickyOf(permission) !== stickyOf(have.permission) : permission !== have.permission;
  if (differs) changes.push({ set: 'permission', permission });
  if (group !== undefined && group !== have.group) changes.push({ set: 'group', group });
  if (owner !== undefined && owner !== have.owner) changes.push({ set: 'owner', owner });
  return changes;
}

/**
 * Whether a change that the cluster refuses ends the partition: only where what stands would let somebody do what the
 * replaced folder did not. Owner, group and storage policy are the cluster's to give (a user who is no superuser cannot
 * give a folder away), and data that arrives under the copying user's name is better than none.
 */
export function mustBeSet(change: AttributeChange, have: Attributes): boolean {
  if (change.set !== 'permission' && change.set !== 'acl') return false;
  const grants = change.set === 'acl' && (have.acl ?? []).length > 0;
  return grants || opensMore(have.permission, change.permission);
}

/** 'owner hive', 'permission 1750', for people. */
export function describeChange(change: AttributeChange): string {
  switch (change.set) {
    case 'owner':
      return `owner ${change.owner}`;
    case 'group':
      return `group ${change.group}`;
    case 'permission':
      return `permission ${change.permission}`;
    case 'acl':
      return `ACL ${change.acl.join(',') || 'none'}`;
    case 'storagePolicy':
      return `storage policy ${change.storagePolicy ?? 'none'}`;
  }
}

function stickyOf(permission: string): string {
  return permission.padStart(4, '0').slice(0, 1);
}
