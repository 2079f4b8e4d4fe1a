import { isFerryError } from '../../errors/ferry-error.ts';
import { type AclEntries, aclSpec, isDefaultEntry } from '../acl.ts';
import type { AttributeChange, Attributes, CallOptions } from '../file-system.ts';
import { isSaid } from './answer.ts';
import { readAclEntries, readPolicyId, readPolicyName, readStatus } from './file-status.ts';
import type { Namenode, Operation } from './namenode.ts';

/** Owner, group, permission, ACL and storage policy of a path. PATH_ABSENT and NOT_A_FOLDER: nothing is there. */
export async function readAttributes(namenode: Namenode, path: string, options: CallOptions): Promise<Attributes> {
  const operation: Operation = { method: 'GET', op: 'GETFILESTATUS', path };
  const what = namenode.nameOf(operation);
  const answer = await namenode.call(operation, options);
  const { owner, group, permission } = readStatus(answer, what);
  return {
    owner,
    group,
    permission,
    acl: await readAcl(namenode, path, options),
    storagePolicy: await readPolicy(namenode, path, readPolicyId(answer, what), options),
  };
}

/** The calls that set one attribute, one after the other. Each sets a whole value, so that all may be sent again. */
export function operationsFor(path: string, kind: 'file' | 'folder', change: AttributeChange): readonly Operation[] {
  const put = (op: string, parameters: Readonly<Record<string, string>> = {}): Operation => ({
    method: 'PUT',
    op,
    path,
    parameters,
    changes: true,
  });
  switch (change.set) {
    case 'owner':
      return [put('SETOWNER', { owner: change.owner })];
    case 'group':
      return [put('SETOWNER', { group: change.group })];
    case 'permission':
      return [put('SETPERMISSION', { permission: change.permission })];
    case 'acl':
      // SETACL leaves default entries alone when it is given none (AclTransformation.replaceAclEntries). A file has none.
      return [
        ...(kind === 'file' || change.acl.some(isDefaultEntry) ? [] : [put('REMOVEDEFAULTACL')]),
        put('SETACL', { aclspec: aclSpec(change).join(',') }),
      ];
    case 'storagePolicy':
      if (change.storagePolicy !== undefined) return [put('SETSTORAGEPOLICY', { storagepolicy: change.storagePolicy })];
      return [{ method: 'POST', op: 'UNSETSTORAGEPOLICY', path, changes: true }];
  }
}

async function readAcl(namenode: Namenode, path: string, options: CallOptions): Promise<AclEntries | undefined> {
  const operation: Operation = { method: 'GET', op: 'GETACLSTATUS', path };
  try {
    return readAclEntries(await namenode.call(operation, options), namenode.nameOf(operation));
  } catch (error) {
    if (isSaid(error, /Support for ACLs has been disabled/)) return undefined;
    if (isFerryError(error) && error.details.exception === 'UnsupportedOperationException') return undefined;
    throw error;
  }
}

/** The id 0 of a status says that neither the path nor a folder above has one; an old server says nothing. */
async function readPolicy(
  namenode: Namenode,
  path: string,
  id: number | undefined,
  options: CallOptions,
): Promise<string | undefined> {
  if (id === undefined || id === 0) return undefined;
  const operation: Operation = { method: 'GET', op: 'GETSTORAGEPOLICY', path };
  return readPolicyName(await namenode.call(operation, options), namenode.nameOf(operation));
}
