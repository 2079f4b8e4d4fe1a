import { afterEach, describe, expect, it } from '@jest/globals';
import { signerOf } from '../../../../cli/dag/signer.ts';
import { isSigned } from '../../../../dag/signature.ts';
import { ordersDaily } from '../../dag/orders-daily.ts';

const NAME = 'FERRY_SIGNER_TEST_KEY';
const dags = { folder: '/dags', historyMs: 400 * 86_400_000, activities: [], unsignedSpecs: false };

afterEach(() => {
  delete process.env[NAME];
});

describe('signerOf', () => {
  it('signs with the key of the config', () => {
    process.env[NAME] = 'key';
    const signature = signerOf({ dags: { ...dags, signingKey: { env: NAME } } })(ordersDaily());
    expect(isSigned(ordersDaily(), signature ?? '', 'key')).toBe(true);
  });

  it('signs nothing where workers ask for no signature', () => {
    expect(signerOf({ dags: { ...dags, unsignedSpecs: true } })(ordersDaily())).toBeUndefined();
  });

  it.each([
    ['there is no key', dags, /dags\.signingKey is missing/],
    ['the key is not to be had', { ...dags, signingKey: { env: NAME } }, /FERRY_SIGNER_TEST_KEY is not set/],
  ])('refuses where %s', (_, without, message) => {
    expect(() => signerOf({ dags: without })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }),
    );
  });
});
