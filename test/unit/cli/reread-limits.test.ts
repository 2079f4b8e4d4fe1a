import { describe, expect, it } from '@jest/globals';
import { limitsText, rereadLimits } from '../../../cli/reread-limits.ts';
import type { Config } from '../../../config/config.ts';
import { defineConfig } from '../../../config/define-config.ts';
import { type ResolvedConfig, resolveConfig } from '../../../config/resolved.ts';
import { FerryError } from '../../../errors/ferry-error.ts';

const cluster = {
  webhdfs: 'http://nn:9870',
  user: 'etl',
  fileSystem: 'hdfs://nn:8020',
  metastore: 'thrift://hms:9083',
};
const resolved = (worker: Config['worker'] = {}): ResolvedConfig =>
  resolveConfig(defineConfig({ clusters: { a: cluster }, worker }));

/** Sends SIGHUPs, one for each config that stands there by then; gives what was applied and said. */
async function sent(...configs: readonly (ResolvedConfig | FerryError)[]) {
  const applied: (readonly (number | undefined)[])[] = [];
  const said: string[] = [];
  const left = [...configs];
  const reread = rereadLimits({
    started: resolved({ bandwidth: '100MiB' }),
    load: async () => {
      const next = left.shift();
      if (next === undefined || next instanceof FerryError) throw next;
      return next;
    },
    apply: (limits) => applied.push([limits.bandwidthBytesPerSecond, limits.namenodeCallsPerSecond]),
    say: (line) => said.push(line),
  });
  await Promise.all(configs.map(() => reread()));
  return { applied, said };
}

describe('a worker told to read its config again', () => {
  it('takes over the limits, each time', async () => {
    const { applied, said } = await sent(resolved({ bandwidth: '1MiB', namenodeCalls: 200 }), resolved());
    expect(applied).toEqual([
      [2 ** 20, 200],
      [undefined, undefined],
    ]);
    expect(said).toEqual([
      'Config read again: bandwidth 1MiB a second, 200 namenode calls a second.',
      'Config read again: no limit of bandwidth, no limit of namenode calls.',
    ]);
  });

  it('keeps the old ones when the config is wrong, and reads it once more when it is told to', async () => {
    const { applied, said } = await sent(new FerryError('CONFIG_INVALID', 'clusters: is missing'), resolved());
    expect(applied).toEqual([[undefined, undefined]]);
    expect(said[0]).toBe('The config could not be read again; the limits stay as they were. clusters: is missing');
  });

  it('says that the rest needs a restart', async () => {
    const { applied, said } = await sent(resolved({ bandwidth: '1MiB', pool: '2GiB' }));
    expect(applied).toEqual([[2 ** 20, undefined]]);
    expect(said[0]).toMatch(/ What else has changed in it needs a restart\.$/);
  });
});

it.each([
  [{}, 'no limit of bandwidth, no limit of namenode calls'],
  [
    { bandwidthBytesPerSecond: 3 * 2 ** 20, namenodeCallsPerSecond: 50 },
    'bandwidth 3MiB a second, 50 namenode calls a second',
  ],
])('limitsText: %j', (limits, text) => {
  expect(limitsText(limits)).toBe(text);
});
