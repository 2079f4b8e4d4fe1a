import type { Source } from './imports.ts';

/** What the files of `from` may import; anything else is forbidden. The first row that fits a file is its row. */
export type Arrow = {
  readonly from: string;
  /** Files that may be loaded; globs, `!` takes away. */
  readonly values: readonly string[];
  /** Files of which only types may be had. */
  readonly types?: readonly string[];
  readonly packages?: readonly string[];
  readonly node: boolean;
};

/** The imports of a file that no arrow allows, each as 'file -> import'. */
export function forbiddenImports(arrows: readonly Arrow[], source: Source): readonly string[] {
  const arrow = arrows.find(({ from }) => fits(from, source.path));
  if (arrow === undefined) return [`${source.path} -> (no arrow says what this file may import)`];
  return source.imports.flatMap(({ specifier, typeOnly, target }) => {
    const allowed =
      target.kind === 'node'
        ? arrow.node || typeOnly
        : target.kind === 'package'
          ? fitsAny(arrow.packages ?? [], target.name)
          : fitsAny(arrow.values, target.path) || (typeOnly && fitsAny(arrow.types ?? [], target.path));
    const named = target.kind === 'file' ? target.path : specifier;
    return allowed ? [] : [`${source.path} -> ${named}${typeOnly ? ' (type)' : ''}`];
  });
}

/** All files that are loaded with `roots`, each with the chain of imports that leads to it. */
export function reachedBy(roots: readonly string[], sources: ReadonlyMap<string, Source>): ReadonlyMap<string, string> {
  const chains = new Map<string, string>(roots.map((root) => [root, root]));
  for (const [path, chain] of chains) {
    for (const { target, typeOnly } of sources.get(path)?.imports ?? []) {
      if (typeOnly || target.kind !== 'file' || chains.has(target.path)) continue;
      chains.set(target.path, `${chain} -> ${target.path}`);
    }
  }
  return chains;
}

export function fitsAny(globs: readonly string[], path: string): boolean {
  const [not, yes] = [globs.filter((glob) => glob.startsWith('!')), globs.filter((glob) => !glob.startsWith('!'))];
  return yes.some((glob) => fits(glob, path)) && !not.some((glob) => fits(glob.slice(1), path));
}

/** `**` any folders, `*` any characters of one name, {a,b} one of them. */
export function fits(glob: string, path: string): boolean {
  const pattern = glob
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\{([^}]*)\}/g, (_, choices: string) => `(${choices.replaceAll(',', '|')})`)
    .replace(/\*\*/g, '\0')
    .replace(/\*/g, '[^/]*')
    .replaceAll('\0', '.*');
  return new RegExp(`^${pattern}$`).test(path);
}
