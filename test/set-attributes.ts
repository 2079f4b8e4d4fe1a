import type { Attributes, FileSystem } from '../storage/file-system.ts';

/** Gives a file or folder all of these attributes, as its administrator would. */
export async function setAttributes(
  files: Pick<FileSystem, 'setAttribute'>,
  path: string,
  { owner, group, permission, acl = [], storagePolicy }: Attributes,
): Promise<void> {
  await files.setAttribute(path, { set: 'acl', acl, permission });
  await files.setAttribute(path, { set: 'permission', permission });
  await files.setAttribute(path, { set: 'storagePolicy', storagePolicy });
  await files.setAttribute(path, { set: 'group', group });
  await files.setAttribute(path, { set: 'owner', owner });
}
