import { loadConfig } from '../config/load-config.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import { type ConfigFlags, configRequest } from './flags.ts';
import type { Io } from './io.ts';
import { connectTemporal, type TemporalClient } from './temporal-client.ts';

/** Who is connected for the time of one command. */
export type Connected = { readonly config: ResolvedConfig; readonly temporal: TemporalClient; readonly io: Io };

/** Loads the config, connects to Temporal, and ends the connection when the command is done. */
export async function withTemporal<T>(
  flags: ConfigFlags,
  io: Io,
  work: (connected: Connected) => Promise<T>,
): Promise<T> {
  const { config } = await loadConfig(configRequest(flags));
  const temporal = await connectTemporal(config);
  try {
    return await work({ config, temporal, io });
  } finally {
    await temporal.close();
  }
}
