import { createJiti } from 'jiti';

/**
 * Runs one TypeScript file without a build, and gives what it exports. Its imports of 'hive-ferry' get the running copy,
 * whether or not the file's folder has one installed.
 */
export async function importTypeScript(path: string): Promise<{ readonly default?: unknown }> {
  const door = await import('../index.ts');
  // No cache on disk: its default place is a folder of /tmp that every user of the machine may write to.
  const jiti = createJiti(path, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    virtualModules: { 'hive-ferry': door },
  });
  return jiti.import(path);
}

/** The words of what a file threw. Not by instanceof: it may have run in a realm of its own. */
export function thrownText(error: unknown): string {
  const message = (error as { readonly message?: unknown } | null)?.message;
  return (typeof message === 'string' ? message : String(error)).trim();
}
