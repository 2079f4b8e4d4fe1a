import { loadConfig } from '../../config/load-config.ts';
import { nextIntervals } from '../../dag/next-intervals.ts';
import { localDag } from '../dag/local-dag.ts';
import { showReport } from '../dag/show-report.ts';
import { EXIT } from '../exit-code.ts';
import { type ConfigFlags, configRequest } from '../flags.ts';
import { type Io, writeJson } from '../io.ts';

export type DagShowFlags = ConfigFlags & { readonly json?: boolean };

const NEXT = 3;

/** `ferry dag show <dag>`: a DAG as its file has it now. No server is asked. */
export async function dagShow(dagId: string, flags: DagShowFlags, io: Io): Promise<number> {
  const { config } = await loadConfig(configRequest(flags));
  const spec = await localDag(config, dagId);
  const next = nextIntervals(spec, new Date().toISOString(), NEXT);
  if (flags.json === true) writeJson(io, { schemaVersion: 1, dag: spec, next });
  else io.out.stream.write(`${showReport(spec, next, { columns: io.out.columns(), colors: io.out.colors })}\n`);
  return EXIT.all;
}
