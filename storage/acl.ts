/**
 * ACLs as HDFS writes them: 'user:bob:r-x', 'group::r-x', 'default:mask::rwx'. A list of a path's entries leaves out
 * what its permission says already, the access entries of owner, mask and others (AclStatus of GETACLSTATUS).
 * https://hadoop.apache.org/docs/stable/hadoop-project-dist/hadoop-hdfs/HdfsPermissionsGuide.html#ACLs_Access_Control_Lists
 */
export type AclEntries = readonly string[];

export type Guard = {
  /** Octal: '755', with the sticky bit '1777'. Where there are access entries its middle digit is their mask. */
  readonly permission: string;
  readonly acl: AclEntries;
};

const DEFAULT = 'default:';

export function isDefaultEntry(entry: string): boolean {
  return entry.startsWith(DEFAULT);
}

/** All entries of a path in full, as SETACL asks for them. */
export function aclSpec({ permission, acl }: Guard): AclEntries {
  const [user, group, other] = digitsOf(permission).map(symbols);
  const access = acl.filter((entry) => !isDefaultEntry(entry));
  const middle = access.length === 0 ? [`group::${group}`] : [...access, `mask::${group}`];
  return [`user::${user}`, ...middle, `other::${other}`, ...acl.filter(isDefaultEntry)];
}

/** What aclSpec makes, taken apart again. */
export function guardOf(spec: AclEntries): Guard {
  const access = spec.filter((entry) => !isDefaultEntry(entry));
  const named = access.filter((entry) => !/^(user::|mask::|other::)/.test(entry));
  const extended = named.some((entry) => !entry.startsWith('group::'));
  const bits = (start: string) =>
    digit(
      access
        .find((entry) => entry.startsWith(start))
        ?.split(':')
        .at(-1) ?? '---',
    );
  const middle = extended ? bits('mask::') : bits('group::');
  return {
    permission: `${bits('user::')}${middle}${bits('other::')}`,
    acl: [...(extended ? named : []), ...spec.filter(isDefaultEntry)],
  };
}

/** Equal whatever the order of their entries. */
export function sameAcl(a: AclEntries, b: AclEntries): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}

/**
 * What a file or folder made with the permission `mode` is given where it is made: the parent's default entries, cut
 * down by `mode` (AclStorage.copyINodeDefaultAcl), or `mode` alone where the parent has none.
 */
export function inheritedGuard(parentAcl: AclEntries, mode: string, kind: 'file' | 'folder'): Guard {
  const defaults = parentAcl.filter(isDefaultEntry);
  if (defaults.length === 0) return { permission: mode, acl: [] };
  const access = defaults.map((entry) => entry.slice(DEFAULT.length));
  const hasMask = access.some((entry) => entry.startsWith('mask::'));
  const [user = 7, group = 7, other = 7] = digitsOf(mode);
  const cut = access.map((entry) => {
    if (entry.startsWith('user::')) return masked(entry, user);
    if (entry.startsWith(hasMask ? 'mask::' : 'group::')) return masked(entry, group);
    return entry.startsWith('other::') ? masked(entry, other) : entry;
  });
  return guardOf([...cut, ...(kind === 'folder' ? defaults : [])]);
}

/** Of a permission those bits that `keep` has, and those of `add` besides; the sticky bit stays out. Octal, all of them. */
export function withBits(permission: string, keep: string, add: string): string {
  const [kept, added] = [digitsOf(keep), digitsOf(add)];
  return digitsOf(permission)
    .map((bits, place) => (bits & (kept[place] ?? 0)) | (added[place] ?? 0))
    .join('');
}

/** True when `a` lets somebody do what `b` does not. */
export function opensMore(a: string, b: string): boolean {
  const than = digitsOf(b);
  return digitsOf(a).some((bits, place) => (bits & ~(than[place] ?? 0)) !== 0);
}

function digitsOf(permission: string): number[] {
  return [...permission.padStart(3, '0').slice(-3)].map(Number);
}

function symbols(bits: number): string {
  return ['r', 'w', 'x'].map((letter, place) => (bits & (4 >> place) ? letter : '-')).join('');
}

function digit(letters: string): number {
  return [...letters].reduce((bits, letter, place) => bits | (letter === '-' ? 0 : 4 >> place), 0);
}

function masked(entry: string, bits: number): string {
  const cut = entry.lastIndexOf(':') + 1;
  return `${entry.slice(0, cut)}${symbols(digit(entry.slice(cut)) & bits)}`;
}
