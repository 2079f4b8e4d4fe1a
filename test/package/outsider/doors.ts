import { type Config, defineConfig, FerryError, type Outcome, type SyncSpec } from 'hive-ferry';
import { createWorker, type FerryWorker, HiveFerryPlugin } from 'hive-ferry/worker';
import { syncTable } from 'hive-ferry/workflows';

// What the three doors promise to a compiler; where they had no types, everything would be right.

export const spec: SyncSpec = { table: 'sales.orders', nodes: { count: 4, memory: '256MiB' } };
// @ts-expect-error A table is a text.
export const wrongSpec: SyncSpec = { table: 1 };
export const config: (written: Config) => Config = defineConfig;
// @ts-expect-error There is no config without clusters.
defineConfig({});
export const failures = (outcome: Outcome): readonly string[] => outcome.failures.map(({ partition }) => partition);
// @ts-expect-error An outcome does not count cats.
export const cats = (outcome: Outcome) => outcome.partitions.cats;
// @ts-expect-error A code is one of the table's.
export const wrongCode = new FerryError('NO_SUCH_CODE', '');
// @ts-expect-error A plugin has a config.
export const wrongPlugin = () => new HiveFerryPlugin({});
export const worker: (options: Parameters<typeof createWorker>[0]) => Promise<FerryWorker> = createWorker;
export const run: (input: unknown) => Promise<Outcome> = syncTable;
