import { FerryError } from '../errors/ferry-error.ts';
import type { Cluster } from './cluster.ts';

/**
 * Refuses a cluster that nothing can be written to by hive-ferry, before anything is: ACCESS_READ_ONLY where its entry
 * says so, CONFIG_INVALID where what answers there has no way to publish (HttpFS).
 */
export async function assertTarget(target: Cluster, signal: AbortSignal): Promise<void> {
  if (target.access === 'read')
    throw new FerryError('ACCESS_READ_ONLY', `cluster ${target.name} is marked access: "read"`);
  const unfit = await target.files.unfitAsTarget?.({ signal });
  if (unfit !== undefined)
    throw new FerryError('CONFIG_INVALID', `cluster ${target.name} cannot be a target: ${unfit}`);
}
