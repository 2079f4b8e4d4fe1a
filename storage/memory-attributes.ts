import { FerryError } from '../errors/ferry-error.ts';
import { aclSpec, guardOf, isDefaultEntry } from './acl.ts';
import type { AttributeChange, Attributes } from './file-system.ts';
import type { MemoryInode } from './memory-namespace.ts';

/** Who asks, and what the cluster allows. */
export type Caller = { readonly user: string; readonly superuser: boolean; readonly acls: boolean };

export function attributesOf(inode: MemoryInode, acls: boolean): Attributes {
  const { owner, group, permission, acl } = inode;
  return { owner, group, permission, acl: acls ? acl : undefined, storagePolicy: policyOf(inode) };
}

/** The namenode's rules (FSDirAttrOp, FSDirAclOp): in one step, or refused with nothing changed. */
export function changeAttribute(inode: MemoryInode, change: AttributeChange, { user, superuser, acls }: Caller): void {
  const denied = (why: string) => new FerryError('PERMISSION_DENIED', `AccessControlException: ${why}`);
  if (!superuser && change.set !== 'storagePolicy' && user !== inode.owner) {
    throw denied(`Permission denied. user=${user} is not the owner of inode=${inode.name}`);
  }
  if (change.set === 'owner') {
    if (!superuser && change.owner !== user) throw denied(`User ${user} is not a super user`);
    inode.owner = change.owner;
  } else if (change.set === 'group') {
    if (!superuser && change.group !== inode.group) throw denied(`User ${user} does not belong to ${change.group}`);
    inode.group = change.group;
  } else if (change.set === 'permission') {
    inode.permission = change.permission.replace(/^0(?=\d{3})/, '');
  } else if (change.set === 'acl') {
    const off = 'Support for ACLs has been disabled by setting dfs.namenode.acls.enabled to false.';
    if (!acls) throw new FerryError('SERVER_ERROR', `AclException: The ACL operation has been rejected.  ${off}`);
    if (inode.kind === 'file' && change.acl.some(isDefaultEntry)) {
      const why = 'Invalid ACL: only directories may have a default ACL.';
      throw new FerryError('SERVER_ERROR', `AclException: ${why} Path: ${inode.name}`);
    }
    const { permission, acl } = guardOf(aclSpec(change));
    const sticky = inode.permission.length === 4 ? inode.permission.slice(0, 1) : '';
    inode.permission = `${sticky}${permission}`;
    inode.acl = acl;
  } else {
    inode.storagePolicy = change.storagePolicy;
  }
}

/** As in HDFS (HdfsConstants): 0 where none is set. */
const POLICY_IDS: Readonly<Record<string, number>> = {
  PROVIDED: 1,
  COLD: 2,
  WARM: 5,
  HOT: 7,
  ONE_SSD: 10,
  ALL_SSD: 12,
  ALL_NVDIMM: 14,
  LAZY_PERSIST: 15,
};

export function policyIdOf(inode: MemoryInode): number {
  return POLICY_IDS[policyOf(inode) ?? ''] ?? 0;
}

function policyOf(inode: MemoryInode): string | undefined {
  return inode.storagePolicy ?? (inode.parent && policyOf(inode.parent));
}
