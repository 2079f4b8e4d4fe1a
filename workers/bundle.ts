import { fileURLToPath } from 'node:url';

/**
 * The module that a worker bundles its workflows from: the TypeScript source where hive-ferry itself runs from source
 * (tsx, Jest), the built one in the package.
 */
export function workflowsPath(): string {
  return inWorkflows('index');
}

/** The module of the failure converter that goes with a codec: it lets failures pass the codec too. */
export function encodedFailuresPath(): string {
  return inWorkflows('encoded-failures');
}

function inWorkflows(name: string): string {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`../workflows/${name}.${ending}`, import.meta.url));
}
