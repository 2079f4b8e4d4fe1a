import { readFileSync, writeSync } from 'node:fs';
import { openClusters } from '../../config/open-cluster.ts';
import { resolveConfig } from '../../config/resolved.ts';
import { type AttemptOrder, takeRemembered } from './attempt.ts';
import { labConfig } from './lab-config.ts';
import { stopAtPoint } from './stop-at-point.ts';

/** One attempt at a run in a process of its own, stopped where its order says. The order is the JSON on its stdin. */
const { spec, memory, point } = JSON.parse(readFileSync(0, 'utf8')) as AttemptOrder;
const clusters = openClusters(resolveConfig(labConfig('root')));
// At once, so that nothing is untold when the process stops.
const tell = (line: string) => void writeSync(1, `${line}\n`);
try {
  await takeRemembered(stopAtPoint(clusters.open, tell, point), spec, memory);
} finally {
  await clusters.close();
}
