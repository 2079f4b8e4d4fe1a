import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import { FerryError } from '../errors/ferry-error.ts';
import { importTypeScript, thrownText } from './import-type-script.ts';
import type { ResolvedConfig } from './resolved.ts';

/**
 * The payload codec that temporal.config.ts names (temporal.codec): what comes between a payload and the server, such as
 * encryption. Its module is loaded by ready(), or at the first payload.
 */
export class ConfiguredCodec implements PayloadCodec {
  readonly #path: string;
  #loaded: Promise<readonly PayloadCodec[]> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Rejects with CONFIG_INVALID, its message naming the file, when the module cannot be run or exports no codec. */
  async ready(): Promise<void> {
    await this.#codecs();
  }

  /** Several codecs encode in their order, and decode in the reverse of it, as the SDK has it. */
  async encode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    let encoded = payloads;
    for (const codec of await this.#codecs()) encoded = await codec.encode(encoded, context);
    return encoded;
  }

  async decode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    let decoded = payloads;
    for (const codec of [...(await this.#codecs())].reverse()) decoded = await codec.decode(decoded, context);
    return decoded;
  }

  #codecs(): Promise<readonly PayloadCodec[]> {
    this.#loaded ??= loadCodecs(this.#path);
    return this.#loaded;
  }
}

/** undefined: the config names none. */
export function configuredCodec({ temporal }: Pick<ResolvedConfig, 'temporal'>): ConfiguredCodec | undefined {
  return temporal.codec === undefined ? undefined : new ConfiguredCodec(temporal.codec);
}

async function loadCodecs(path: string): Promise<readonly PayloadCodec[]> {
  let exported: unknown;
  try {
    exported = (await importTypeScript(path)).default;
  } catch (error) {
    throw unusable(path, thrownText(error), error);
  }
  const codecs = Array.isArray(exported) ? exported : [exported];
  if (codecs.length > 0 && codecs.every(isCodec)) return codecs;
  throw unusable(path, 'it exports no PayloadCodec. Its last words must be: export default { encode, decode }');
}

function isCodec(value: unknown): value is PayloadCodec {
  const { encode, decode } = (value ?? {}) as Partial<Record<'encode' | 'decode', unknown>>;
  return typeof encode === 'function' && typeof decode === 'function';
}

function unusable(path: string, why: string, cause?: unknown): FerryError {
  return new FerryError('CONFIG_INVALID', `temporal.codec: ${path} cannot be used: ${why}`, { cause });
}
