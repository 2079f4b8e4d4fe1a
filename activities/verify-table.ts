import { checkedInput } from '../dag/operators/operator.ts';
import { verifyTableInput } from '../dag/operators/verify-table.ts';
import type { Json } from '../dag/spec.ts';
import { FerryError } from '../errors/ferry-error.ts';
import { resolveSpec } from '../sync/spec.ts';
import { verifyTable as verify } from '../sync/verify.ts';
import { activity, type Shared } from './activity.ts';
import type { RunSettings } from './resolve-input.ts';

const SHOWN = 5;

/** Compares a table on both sides, and fails with the differences. */
export function verifyTable(shared: Shared, { limits }: RunSettings) {
  return activity('verifyTable', shared, async (engine, raw: Json) => {
    const { level, sample, ...table } = checkedInput('verifyTable', verifyTableInput, raw);
    // A run of its own in name only: nothing is written under its key.
    const identity = { runKey: engine.uuid(), workflowId: 'verify', runId: '' };
    const report = await verify(engine, resolveSpec(table, { ...limits, identity }), level, sample);
    const { identical, partitions, files, bytes, incomparable, differences } = report;
    if (!identical) {
      const lines = differences
        .slice(0, SHOWN)
        .map(({ partition, kind, detail }) => `${partition}: ${kind}: ${detail}`);
      const more = differences.length > SHOWN ? `, and ${differences.length - SHOWN} more` : '';
      throw new FerryError('TABLES_DIFFER', `${report.table}: ${lines.join('; ')}${more}`);
    }
    return { identical, partitions, files, bytes, incomparable };
  });
}
