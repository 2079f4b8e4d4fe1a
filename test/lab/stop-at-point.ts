import type { Cluster, OpenCluster } from '../../sync/cluster.ts';
import { CHANGES, guardPort, type Through } from '../guard-port.ts';

/** Long enough for a signal that a process sends itself to stop all of its threads. */
const SIGNAL_MS = 200;

export type Point = {
  /** The number of the changing call before which the process stops, of all that it makes (or of those that match `call`); the first one is 1. */
  readonly at: number;
  /** A regular expression: 'create\\(.*\\/part\\/'. */
  readonly call?: string;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
};

/**
 * The clusters of a process that tells of each call that changes something ('before b.rename(/x)', 'after b.rename(/x)'),
 * and stops itself at a point between two of them ('stop b.rename(/x)'); without a point it only tells. A stop after a call is
 * the one before the next call: nothing else changes anything in between.
 */
export function stopAtPoint(open: OpenCluster, tell: (line: string) => void, point?: Point): OpenCluster {
  let calls = 0;
  const counted = new RegExp(point?.call ?? '');
  const through: Through = async (call, make) => {
    if (!CHANGES.test(call)) return make();
    if (counted.test(call)) calls += 1;
    if (counted.test(call) && calls === point?.at) {
      tell(`stop ${call}`);
      process.kill(process.pid, point.signal);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SIGNAL_MS);
    }
    tell(`before ${call}`);
    const result = await make();
    tell(`after ${call}`);
    return result;
  };
  const guarded = new Map<string, Cluster>();
  return (name) => {
    const before = guarded.get(name);
    if (before !== undefined) return before;
    const cluster = open(name);
    const files = guardPort(cluster.files, name, through);
    const now = { ...cluster, files, catalog: guardPort(cluster.catalog, `catalog-${name}`, through) };
    guarded.set(name, now);
    return now;
  };
}
