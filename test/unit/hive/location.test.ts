import { describe, expect, it } from '@jest/globals';
import { codeOf } from '../../../errors/ferry-error.ts';
import { formatLocation, isWithin, joinLocation, parseLocation, sameLocation } from '../../../hive/location.ts';

const own = ['hdfs://nn:8020', 'hdfs://cluster-a', 'webhdfs://nn:9870'];

describe('a catalog location', () => {
  it.each([
    ['hdfs://nn:8020/warehouse/x', 'hdfs://nn:8020', '/warehouse/x'],
    ['hdfs://cluster-a/warehouse/x', 'hdfs://cluster-a', '/warehouse/x'],
    ['HDFS://NN:8020/w', 'hdfs://nn:8020', '/w'],
    ['hdfs:///warehouse/x', 'hdfs://nn:8020', '/warehouse/x'],
    ['hdfs:/warehouse/x', 'hdfs://nn:8020', '/warehouse/x'],
    ['/warehouse/x', 'hdfs://nn:8020', '/warehouse/x'],
    ['hdfs://nn:8020/warehouse//x/', 'hdfs://nn:8020', '/warehouse/x'],
    ['hdfs://nn:8020', 'hdfs://nn:8020', '/'],
    ['hdfs://nn:8020/w/ts=2026-01-01 00%3A00%3A00', 'hdfs://nn:8020', '/w/ts=2026-01-01 00%3A00%3A00'],
    ['hdfs://nn:8020/w/a#b?c=d%253A', 'hdfs://nn:8020', '/w/a#b?c=d%253A'],
    ['/w/a://b', 'hdfs://nn:8020', '/w/a:/b'],
  ])('%s', (uri, fileSystem, path) => {
    expect(parseLocation(uri, own)).toEqual({ fileSystem, path });
  });

  it.each([
    's3a://bucket/x',
    'hdfs://other:8020/x',
    'hdfs://nn/x',
    'hdfs://nn:80200/x',
    'file:/tmp/x',
    'file:///tmp/x',
    'webhdfs:///x',
    'warehouse/x',
    '',
    'hdfs://nn:8020/a/../b',
    '/a/./b',
  ])('%j is refused', (uri) => {
    try {
      parseLocation(uri, own);
    } catch (error) {
      expect(codeOf(error)).toBe('LOCATION_UNSUPPORTED');
      return;
    }
    throw new Error('was taken');
  });

  it('refuses everything when the cluster has no file system', () => {
    expect(() => parseLocation('/x', [])).toThrow('not on this cluster');
  });

  it('joins literal components and is written back', () => {
    const table = parseLocation('hdfs://nn:8020/w', own);
    expect(formatLocation(joinLocation(table, 'a=%3A/b=1'))).toBe('hdfs://nn:8020/w/a=%3A/b=1');
    expect(() => joinLocation(table, '../x')).toThrow('not an absolute path');
  });

  it('is the same by another prefix of the same cluster', () => {
    expect(sameLocation('hdfs://cluster-a/w/', 'hdfs://nn:8020/w', own)).toBe(true);
    expect(sameLocation('hdfs://cluster-a/w/x', 'hdfs://nn:8020/w', own)).toBe(false);
  });

  it('lies within a folder by whole components', () => {
    expect(isWithin('/w/t/dt=1', '/w/t')).toBe(true);
    expect(isWithin('/w/t', '/w/t')).toBe(true);
    expect(isWithin('/w/t2', '/w/t')).toBe(false);
    expect(isWithin('/w', '/')).toBe(true);
  });
});
