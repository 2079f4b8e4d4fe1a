import { createHash } from 'node:crypto';
import { specLimits } from '../../config/resolved.ts';
import { checkRestore, type RestoreInput } from '../../sync/clean-schema.ts';
import type { Restoration } from '../../sync/restore-partition.ts';
import { commandLine } from '../command-lines.ts';
import { EXIT } from '../exit-code.ts';
import { type Io, writeJson } from '../io.ts';
import { bytesText } from '../quantities.ts';
import { resultOf, type WorkFlags } from '../started-work.ts';
import { tableText } from '../tables.ts';
import { withTemporal } from '../with-temporal.ts';

export type RestoreFlags = WorkFlags & {
  readonly target?: string;
  readonly partition?: string;
  readonly run?: string;
  readonly json?: boolean;
};

/**
 * `ferry restore <table> --partition P`: brings a replaced or pruned partition back, through the workflow restorePartition.
 * Exit 0 it is back, 1 nothing is aside, 64 several versions are and one has to be named.
 */
export function restore(table: string, flags: RestoreFlags, io: Io): Promise<number> {
  return withTemporal(flags, io, async (connected) => {
    const { target, partition, run } = flags;
    const asked = { target, table, partition, run };
    const said = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
    const checked = checkRestore(said, specLimits(connected.config));
    const input = { ...said, table, target: checked.target } satisfies RestoreInput;
    const name = `${checked.of.database}.${checked.of.table}`;
    const hash = createHash('sha256').update(checked.partition).digest('hex').slice(0, 12);
    const done = await resultOf<Restoration>(connected, flags, {
      type: 'restorePartition',
      workflowId: `restore/${checked.target}/${name}/${hash}`,
      input,
      summary: `Restoring ${partition ?? 'the whole'} of ${name} on ${checked.target}`,
      underWay: 'refuse',
    });
    if (flags.json) writeJson(io, { schemaVersion: 1, ...done });
    else io.out.stream.write(`${restorationText(done, io)}\n`);
    return { restored: EXIT.all, nothing: EXIT.none, ambiguous: EXIT.usage }[done.kind];
  });
}

function restorationText(done: Restoration, io: Io): string {
  const { out, program } = io;
  if (done.kind === 'nothing') return 'Nothing is aside of this partition (of this run, where one was named).';
  if (done.kind === 'restored') {
    const kept = done.retired === undefined ? [] : [`  What stood there: ${done.retired}`];
    return [`${done.partition} is back at ${done.to}, as run ${done.run} had ${AS[done.was]} it.`, ...kept].join('\n');
  }
  const rows = done.candidates.map(({ run, was, at, files, bytes, path }) => [
    run,
    was,
    at,
    String(files),
    bytesText(bytes),
    path,
  ]);
  const table = tableText(['run', 'was', 'since', 'files', 'size', 'path'], rows, {
    columns: out.columns(),
    colors: out.colors,
    right: [3, 4],
  });
  const again = commandLine(program, ['restore', '...', '--run', done.candidates[0]?.run ?? '']);
  return `Several versions are aside; name one by its run: ${again}\n${table}`;
}

const AS = { replaced: 'replaced', pruned: 'pruned', outdated: 'landed' } as const;
