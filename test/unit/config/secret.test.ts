import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readSecret } from '../../../config/secret.ts';

describe('a secret', () => {
  const NAME = 'FERRY_TEST_SECRET';
  afterEach(() => {
    delete process.env[NAME];
  });

  it('comes from the environment as it is now', () => {
    process.env[NAME] = 'one';
    expect(readSecret('dags.signingKey', { env: NAME })).toBe('one');
    process.env[NAME] = 'two ';
    expect(readSecret('dags.signingKey', { env: NAME })).toBe('two ');
  });

  it('comes from a file, without the newline that editors add', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'ferry-secret-')), 'secret');
    writeFileSync(file, ' hush \n');
    expect(readSecret('dags.signingKey', { file })).toBe(' hush ');
  });

  it.each([{ env: NAME }, { file: '/no/such/file' }])('that is not at %j is missed by name', (from) => {
    expect(() => readSecret('dags.signingKey', from)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/dags\.signingKey: .*(FERRY_TEST_SECRET is not set|\/no\/such\/file)/),
      }),
    );
  });
});
