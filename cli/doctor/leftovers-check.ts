import { needsPerson, type TableCleaning } from '../../sync/clean-report.ts';
import type { Cluster } from '../../sync/cluster.ts';
import { lastCleanings } from '../../sync/written-tables.ts';
import { whyKept } from '../clean-report.ts';
import { commandLine } from '../command-lines.ts';
import { countText } from '../quantities.ts';
import { ask } from './ask.ts';
import { type Check, ok, skip, unanswered, type Verdict, warn } from './check.ts';
import type { Said } from './findings.ts';

/** Of a target: what `ferry clean` kept until a person says so, as its last runs found it. */
export async function leftoversCheck(cluster: Cluster, program: string, signal: AbortSignal): Promise<Check> {
  const cleanings = await ask((each) => lastCleanings(cluster, each), signal);
  return { id: 'leftovers', subject: cluster.name, ...leftoversVerdict(cleanings, cluster.name, program) };
}

const MOST_NAMED = 5;

export function leftoversVerdict(cleanings: Said<readonly TableCleaning[]>, target: string, program: string): Verdict {
  if (!cleanings.ok) return unanswered(cleanings.failed);
  if (cleanings.value.length === 0) {
    const schedule = commandLine(program, ['clean', '--all', '--target', target, '--schedule', '0 4 * * *']);
    return skip(`ferry clean has not run here; to have it run daily: ${schedule}`);
  }
  const tables = countText(cleanings.value.length, 'table');
  const oldest = cleanings.value.map(({ at }) => at).sort()[0] ?? '';
  const kept = cleanings.value.flatMap(({ table, kept: all }) =>
    all.filter(needsPerson).map((each) => `${table}: ${each.path} (${whyKept(each)})`),
  );
  if (kept.length === 0) return ok(`nothing waits for a decision in ${tables}, cleaned since ${oldest}`);
  const more = kept.length > MOST_NAMED ? `, and ${kept.length - MOST_NAMED} more` : '';
  return warn(
    `${countText(kept.length, 'folder')} of ${tables} stay until somebody says so: ${kept.slice(0, MOST_NAMED).join(', ')}${more}`,
    `Look at them; bring a version back (${program} restore), or delete what nobody needs (hdfs dfs -rm -r).`,
  );
}
