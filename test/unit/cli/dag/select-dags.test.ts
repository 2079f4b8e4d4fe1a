import { describe, expect, it } from '@jest/globals';
import { dagsOfFiles } from '../../../../cli/dag/local-dags.ts';
import { selectDags, unknownIds } from '../../../../cli/dag/select-dags.ts';
import { parseDagSpec } from '../../../../dag/parse-spec.ts';

const spec = (dagId: string) => parseDagSpec({ schemaVersion: 1, dagId, tasks: [task] });
const action = { kind: 'activity', operator: 'hiveQuery', activity: 'hiveQuery', input: { cluster: 'b', query: 'q' } };
const task = { taskId: 't', action };

const LOCAL = dagsOfFiles([
  { file: '/repo/dags/b.ts', dags: [spec('orders'), spec('clicks')] },
  { file: '/repo/dags/a.ts', dags: [spec('books')] },
  { file: '/repo/dags/broken.ts', error: 'it exports no DAG' },
]);
const BROKEN = { path: '/repo/dags/broken.ts', message: 'it exports no DAG' };

function select(...names: readonly string[]) {
  const { dags, ids, problems } = selectDags(LOCAL, names, '/repo');
  return { dags: dags.map((each) => each.spec.dagId), ids, problems };
}

describe('selectDags', () => {
  it.each<[string, readonly string[], ReturnType<typeof select>]>([
    ['all, a broken file in the way', [], { dags: ['books', 'clicks', 'orders'], ids: undefined, problems: [BROKEN] }],
    ['one by its id, whatever other files are', ['clicks'], { dags: ['clicks'], ids: ['clicks'], problems: [] }],
    ['those of a file', ['dags/b.ts'], { dags: ['clicks', 'orders'], ids: ['clicks', 'orders'], problems: [] }],
    ['a broken file', ['dags/broken.ts'], { dags: [], ids: [], problems: [BROKEN] }],
    ['one that only the server may know', ['gone'], { dags: [], ids: ['gone'], problems: [] }],
    [
      'a file of another folder',
      ['b.ts', 'books'],
      {
        dags: ['books'],
        ids: ['books'],
        problems: [{ path: '/repo/b.ts', message: 'is not a DAG file of the folder that dags.folder names' }],
      },
    ],
  ])('%s', (_, names, selected) => {
    expect(select(...names)).toEqual(selected);
  });

  it('does not take one of two that have the same id', () => {
    const twice = dagsOfFiles([
      { file: '/repo/dags/a.ts', dags: [spec('orders')] },
      { file: '/repo/dags/b.ts', dags: [spec('orders'), spec('clicks')] },
    ]);
    const problem = { path: 'orders', message: 'stands more than once: in a.ts and b.ts' };
    expect(selectDags(twice, ['orders'], '/repo').problems).toEqual([problem]);
    expect(selectDags(twice, ['clicks'], '/repo').problems).toEqual([]);
    expect(selectDags(twice, [], '/repo').problems).toEqual([problem]);
  });
});

describe('unknownIds', () => {
  it('names what neither a file nor the server knows, and the files that may have been meant to', () => {
    const selected = selectDags(LOCAL, ['ordres', 'gone', 'clicks'], '/repo');
    expect(unknownIds(selected, ['gone'], LOCAL)).toEqual([
      { path: 'ordres', message: 'is neither a DAG of the files nor deployed; did you mean "orders"?' },
      BROKEN,
    ]);
    expect(unknownIds(selectDags(LOCAL, ['gone', 'clicks'], '/repo'), ['gone'], LOCAL)).toEqual([]);
    expect(unknownIds(selectDags(LOCAL, [], '/repo'), [], LOCAL)).toEqual([]);
  });
});
