import { expect, it } from '@jest/globals';
import { bytesText, countText, durationText, rateText } from '../../../cli/quantities.ts';

it.each([
  [0, '0 B'],
  [1024, '1 KiB'],
  [2 ** 28, '256 MiB'],
  [9_800_000_000, '9.13 GiB'],
])('%d bytes read %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

it.each([
  [0, '0s'],
  [0.44, '0.4s'],
  [9.96, '10.0s'],
  [12.6, '13s'],
  [59, '59s'],
  [60, '1m'],
  [75, '1m 15s'],
  [3600, '1h'],
  [3_661, '1h 1m'],
  [90_000, '1d 1h'],
  [86_400, '1d'],
  [86_460, '1d'],
])('%d seconds read %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

it('counts in words', () => {
  expect([countText(0, 'node'), countText(1, 'node'), countText(2, 'node')]).toEqual(['0 nodes', '1 node', '2 nodes']);
  expect(rateText(48_234_496.7)).toBe('46 MiB/s');
});
