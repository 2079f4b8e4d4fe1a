import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { paramsOfFlags } from '../../../../cli/dag/params-flags.ts';

describe('paramsOfFlags', () => {
  const spec = { dagId: 'orders_daily', params: { region: 'eu', days: 7, tables: null } };

  it('gives none where none is said', async () => {
    expect(await paramsOfFlags(spec, {})).toBeUndefined();
  });

  it('takes a text for a param that is one, else JSON, and what is no JSON as a text', async () => {
    const params = ['region=7', 'days=14', 'tables=["a","b"]'];
    expect(await paramsOfFlags(spec, { params })).toEqual({ region: '7', days: 14, tables: ['a', 'b'] });
    expect(await paramsOfFlags(spec, { params: ['tables=a=b', 'region='] })).toEqual({ tables: 'a=b', region: '' });
  });

  it('puts them over those of a file', async () => {
    const paramsFile = join(mkdtempSync(join(tmpdir(), 'params-')), 'params.yaml');
    writeFileSync(paramsFile, 'region: us\ndays: 1\n');
    expect(await paramsOfFlags(spec, { paramsFile, params: ['days=2'] })).toEqual({ region: 'us', days: 2 });
    writeFileSync(paramsFile, '- 1\n');
    await expect(paramsOfFlags(spec, { paramsFile })).rejects.toThrow('params must be an object');
  });

  it.each([
    ['regoin=us', 'did you mean "region"?'],
    ['region', '--params: "region" is not name=value'],
    ['=us', '--params: "=us" is not name=value'],
  ])('refuses %s', async (pair, message) => {
    await expect(paramsOfFlags(spec, { params: [pair] })).rejects.toThrow(message);
  });
});
