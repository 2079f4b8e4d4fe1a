import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  attemptFolder,
  closedFolder,
  controlFolder,
  isAttempt,
  isAttemptOf,
  nameOf,
  parentOf,
  partitionKey,
  stageRootFor,
  tableFolder,
  versionsFolder,
} from '../../../sync/run-folder.ts';

const T = '/warehouse/sales.db/orders';

describe('the paths of a run', () => {
  it('are under its own key, control and stage', () => {
    const control = controlFolder('/user/root/hive-ferry', 'run-1');
    expect([control.plan, control.ledger, control.outcome, control.failures, control.round(2)]).toEqual([
      '/user/root/hive-ferry/run-1/plan.json',
      '/user/root/hive-ferry/run-1/ledger',
      '/user/root/hive-ferry/run-1/outcome.json',
      '/user/root/hive-ferry/run-1/failures.jsonl',
      '/user/root/hive-ferry/run-1/round-2.json',
    ]);
    const folder = attemptFolder(`${T}/.hive-ferry`, 'run-1', 3, 'u7');
    expect(folder).toMatchObject({
      run: `${T}/.hive-ferry/run-1`,
      name: 'n3-u7',
      own: `${T}/.hive-ferry/run-1/n3-u7`,
      adopted: `${T}/.hive-ferry/run-1/n3-u7/adopted`,
      retired: `${T}/.hive-ferry/run-1/n3-u7/retired`,
      part: `${T}/.hive-ferry/run-1/n3-u7/part`,
      chunks: `${T}/.hive-ferry/run-1/n3-u7/chunks`,
    });
    expect([folder.stage('k'), folder.retiredSlot('k', '17'), folder.aside(4)]).toEqual([
      `${T}/.hive-ferry/run-1/n3-u7/stage/k`,
      `${T}/.hive-ferry/run-1/n3-u7/retired/k-17`,
      `${T}/.hive-ferry/run-1/new-u7/4`,
    ]);
    expect(closedFolder(`${T}/.hive-ferry`, 'run-1')).toBe(`${T}/.hive-ferry/run-1.closed`);
    expect(tableFolder('/c', 'sales', 'orders')).toEqual({
      root: '/c/tables/sales.orders',
      runs: '/c/tables/sales.orders/runs',
      last: '/c/tables/sales.orders/last.json',
      clean: '/c/tables/sales.orders/clean.json',
    });
  });

  it('differ from one attempt to the next', () => {
    const [one, two] = ['u1', 'u2'].map((uuid) => attemptFolder('/s', 'run-1', 3, uuid));
    for (const path of ['own', 'adopted', 'retired', 'part', 'name'] as const)
      expect(one?.[path]).not.toBe(two?.[path]);
    expect(one?.aside(1)).not.toBe(two?.aside(1));
  });
});

describe('the names of attempts', () => {
  it.each<[number, string, boolean]>([
    [1, 'n1-u7', true],
    [1, 'n10-u7', false],
    [10, 'n1-u7', false],
    [1, 'n1-u7+', true],
    [1, 'new-u7', false],
    [1, 'retired', false],
  ])('node %d, %s: %s', (node, name, its) => {
    expect(isAttemptOf(node, name)).toBe(its);
  });

  it('are told from all else that lies beside them', () => {
    expect(['n1-u', 'n23-4', 'new-u', 'nothing', 'retired', '1-n', 'xn1-u'].map(isAttempt)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.uuid(), (node, other, uuid) => {
        const { name } = attemptFolder('/s', 'run', node, uuid);
        expect([isAttempt(name), isAttemptOf(node, name), isAttemptOf(other, name)]).toEqual([
          true,
          true,
          other === node,
        ]);
      }),
    );
  });
});

describe('a partition’s key', () => {
  it('is 16 hex digits, the same for the same name', () => {
    expect(partitionKey('dt=2026-01-01')).toBe(partitionKey('dt=2026-01-01'));
    expect(partitionKey('')).toMatch(/^[0-9a-f]{16}$/);
    expect(partitionKey('dt=2026-01-01')).not.toBe(partitionKey('dt=2026-01-02'));
    // printf 'dt=1' | sha256sum
    expect(partitionKey('dt=1')).toBe('500e74b04be6980f');
  });
});

describe('the stage root of a landing', () => {
  it.each([
    ['under the table', `${T}/dt=1`, `${T}/.hive-ferry`],
    ['deep under the table', `${T}/dt=1/hour=2`, `${T}/.hive-ferry`],
    ['beside the table', '/data/moved/dt=1', '/data/moved/.hive-ferry'],
    ['in a folder whose name begins as the table’s', `${T}_old/dt=1`, `${T}_old/.hive-ferry`],
    ['the table itself', T, '/warehouse/sales.db/.hive-ferry'],
  ])('%s', (_, to, root) => {
    expect(stageRootFor(to, T)).toBe(root);
  });

  it('is hidden from queries, and beside what it is for', () => {
    expect(versionsFolder(T)).toBe(`${T}-versions`);
    expect(nameOf(stageRootFor(`${T}/dt=1`, T))).toMatch(/^\./);
  });
});

describe('the parts of a path', () => {
  it.each([
    ['/a/b/c', '/a/b', 'c'],
    ['/a', '/', 'a'],
    ['/a/dt=1 00%3A00', '/a', 'dt=1 00%3A00'],
  ])('%s', (path, parent, name) => {
    expect([parentOf(path), nameOf(path)]).toEqual([parent, name]);
  });
});
