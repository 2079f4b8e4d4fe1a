import { describe, expect, it } from '@jest/globals';
import { dagInput } from '../../../../cli/dag/dag-input.ts';
import { dag } from '../../../../dag/dag.ts';
import { fileSensor } from '../../../../dag/operators/file-sensor.ts';
import { isSigned } from '../../../../dag/signature.ts';

const spec = dag('orders_daily', {}, (d) => void d.task('t', fileSensor({ cluster: 'a', path: '/x' })));
const dags = { folder: '/dags', historyMs: 400 * 86_400_000, activities: [], unsignedSpecs: false };
const signingKey = { env: 'FERRY_TEST_DAGS_KEY' };

describe('how a run is told its DAG', () => {
  it('by a signed spec where this machine holds the key', () => {
    process.env.FERRY_TEST_DAGS_KEY = 'a key of at least thirty-two characters';
    const { signature = '', ...input } = dagInput({ dags: { ...dags, signingKey } }, spec);
    delete process.env.FERRY_TEST_DAGS_KEY;
    expect(input).toEqual({ spec });
    expect(isSigned(spec, signature, 'a key of at least thirty-two characters')).toBe(true);
  });

  it('by the spec alone where workers ask for no signature', () => {
    expect(dagInput({ dags: { ...dags, unsignedSpecs: true } }, spec)).toEqual({ spec });
  });

  it.each([
    ['the config names no key', dags],
    ['this machine does not have it', { ...dags, signingKey }],
  ])('by its name where %s', (_why, config) => {
    expect(dagInput({ dags: config }, spec)).toEqual({ dag: 'orders_daily' });
  });
});
