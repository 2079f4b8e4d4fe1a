import { fileURLToPath } from 'node:url';

/**
 * The module that a worker bundles its workflows from: the TypeScript source where hive-ferry itself runs from source
 * (tsx, Jest), the built one in the package.
 */
export function workflowsPath(): string {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`../workflows/index.${ending}`, import.meta.url));
}
