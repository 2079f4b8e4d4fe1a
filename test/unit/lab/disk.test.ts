import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { checkFreeSpace } from '../../../lab/disk.ts';
import { LabError } from '../../../lab/lab-error.ts';

const notThereYet = join(tmpdir(), 'no', 'such', 'folder');

it('room enough, also for a folder that is not there yet', () => {
  expect(() => checkFreeSpace(notThereYet, 1)).not.toThrow();
});

it('too little room: one error that says how much there is, where, and what to do', () => {
  const exabyte = 1024 ** 6;
  expect(() => checkFreeSpace(notThereYet, exabyte)).toThrow(LabError);
  expect(() => checkFreeSpace(notThereYet, exabyte)).toThrow(
    /^Disk full: [\d.]+ GiB free under .+, the lab needs 1073741824 GiB\. .*HIVE_FERRY_LAB/,
  );
});
