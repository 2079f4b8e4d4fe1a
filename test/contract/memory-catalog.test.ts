import { describe, expect, it } from '@jest/globals';
import { MemoryCatalog } from '../../hive/memory-catalog.ts';
import { catalogContract } from './catalog.contract.ts';

catalogContract('the catalog in memory', async () => ({
  catalog: new MemoryCatalog({ cluster: 'a', fileSystem: 'hdfs://a' }),
  database: 'ferry_contract',
  folder: 'hdfs://a/contract',
  close: async () => {},
}));

describe('the catalog in memory', () => {
  it('hands out copies: nothing a caller does to one reaches the catalog', async () => {
    const catalog = new MemoryCatalog({ cluster: 'a', fileSystem: 'hdfs://a', warehouse: '/w' });
    const found = await catalog.database('default');
    expect(found).toEqual({ name: 'default', location: 'hdfs://a/w' });
    Object.assign(found ?? {}, { location: 'elsewhere' });
    expect(await catalog.database('default')).toEqual({ name: 'default', location: 'hdfs://a/w' });
  });
});
