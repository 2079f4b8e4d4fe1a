import { readFileSync } from 'node:fs';
import { FerryError, messageOf } from '../errors/ferry-error.ts';

/** Where a secret is: the name of an environment variable, or a file. */
export type SecretSource = { readonly env: string } | { readonly file: string };

/**
 * Read when it is used and kept nowhere, so that a rotated secret is taken up. `field` is the config's path of the
 * source, for the message of CONFIG_INVALID.
 */
export function readSecret(field: string, from: SecretSource): string {
  if ('env' in from) {
    const value = process.env[from.env];
    if (value !== undefined && value !== '') return value;
    throw new FerryError('CONFIG_INVALID', `${field}: the environment variable ${from.env} is not set.`);
  }
  try {
    return readFileSync(from.file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new FerryError('CONFIG_INVALID', `${field}: the file cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
