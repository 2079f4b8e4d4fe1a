import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeOf, FerryError } from '../../../errors/ferry-error.ts';
import { MemoryFileSystem } from '../../../storage/memory-file-system.ts';
import {
  readControlFile,
  readRecords,
  replaceControlFile,
  sha256,
  type Writing,
  writeControlFile,
  writeRecords,
} from '../../../sync/control-file.ts';
import { memoryFiles, refusal, SIGNAL } from './two-clusters.ts';

const FOLDER = '/user/root/hive-ferry/run-1';
const PATH = `${FOLDER}/plan.json`;

function writing(): Writing {
  let ids = 0;
  return {
    signal: SIGNAL,
    uuid: () => {
      ids += 1;
      return `u${ids}`;
    },
  };
}

describe('a control file', () => {
  it('is written whole under a temporary name, then renamed; its folder is made', async () => {
    const names: string[] = [];
    class Watched extends MemoryFileSystem {
      override async rename(from: string, to: string) {
        names.push(`${from} -> ${to}`, ...this.tree(FOLDER));
        return super.rename(from, to);
      }
    }
    const files = new Watched();
    expect(await writeControlFile(files, PATH, Buffer.from('all'), writing())).toBe('written');
    expect(names).toEqual([`${FOLDER}/.plan.json.u1 -> ${PATH}`, `${FOLDER}/`, `${FOLDER}/.plan.json.u1 (3)`]);
    expect(files.tree(FOLDER)).toEqual([`${FOLDER}/`, `${PATH} (3)`]);
    expect((await readControlFile(files, PATH, SIGNAL))?.toString()).toBe('all');
  });

  it('that is there already counts, and nothing is left of the second one', async () => {
    const files = memoryFiles('b');
    await writeControlFile(files, PATH, Buffer.from('first'), writing());
    expect(await writeControlFile(files, PATH, Buffer.from('second'), writing())).toBe('there');
    expect(files.readFile(PATH)?.toString()).toBe('first');
    expect(files.tree(FOLDER)).toEqual([`${FOLDER}/`, `${PATH} (5)`]);
  });

  it('of two that race, one counts for both', async () => {
    const files = memoryFiles('b');
    const write = writing();
    const both = ['one', 'two'].map((text) => writeControlFile(files, PATH, Buffer.from(text), write));
    expect((await Promise.all(both)).sort()).toEqual(['there', 'written']);
    expect(files.tree(FOLDER)).toEqual([`${FOLDER}/`, `${PATH} (3)`]);
  });

  it('that could not be put in place is an error, not a file that is there', async () => {
    class Refusing extends MemoryFileSystem {
      override async rename() {
        return { renamed: false, reason: 'not today' } as const;
      }
    }
    const error = await refusal(writeControlFile(new Refusing({ cluster: 'b' }), PATH, Buffer.from('x'), writing()));
    expect(codeOf(error)).toBe('PATH_ABSENT');
    expect(error.message).toContain(`b:${PATH}`);
    expect(error.message).toContain('not today');
  });

  it('is not seen when its writer fails in the middle', async () => {
    class Failing extends MemoryFileSystem {
      override async create(...[path, , options]: Parameters<MemoryFileSystem['create']>) {
        const half = async function* () {
          yield Buffer.from('ha');
          throw new FerryError('CONNECTION_LOST', 'the line broke');
        };
        return super.create(path, half, options);
      }
    }
    const files = new Failing();
    expect(codeOf(await refusal(writeControlFile(files, PATH, Buffer.from('half'), writing())))).toBe(
      'CONNECTION_LOST',
    );
    expect(await readControlFile(files, PATH, SIGNAL)).toBeUndefined();
  });

  it('is replaced where it is only to be read by people', async () => {
    const files = memoryFiles('b');
    const write = writing();
    for (const text of ['first', 'second!']) await replaceControlFile(files, PATH, Buffer.from(text), write);
    expect(files.readFile(PATH)?.toString()).toBe('second!');
    expect(files.tree(FOLDER)).toEqual([`${FOLDER}/`, `${PATH} (7)`]);
  });

  it('is undefined where none is', async () => {
    expect(await readControlFile(memoryFiles('b'), PATH, SIGNAL)).toBeUndefined();
  });

  it('is read whole, however long', async () => {
    const files = memoryFiles('b');
    const bytes = Buffer.alloc(300_000, 'line\n');
    await writeControlFile(files, PATH, bytes, writing());
    expect((await readControlFile(files, PATH, SIGNAL))?.equals(bytes)).toBe(true);
  });
});

describe('records', () => {
  it('come back as they were, under a name that carries their hash', async () => {
    const one = fc.record({ name: fc.string({ unit: 'binary' }), files: fc.nat(), line: fc.constant('a\nb\u2028\r') });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 20 }), async (records) => {
        const files = memoryFiles('b');
        const ref = await writeRecords(files, `${FOLDER}/r1-node-1`, records, writing());
        expect(ref.path).toBe(`${FOLDER}/r1-node-1-${ref.sha256.slice(0, 12)}.jsonl.gz`);
        expect(sha256(files.readFile(ref.path) ?? Buffer.of())).toBe(ref.sha256);
        expect(await readRecords(files, ref, SIGNAL)).toEqual(records);
      }),
      { numRuns: 50 },
    );
  });

  it('written again are the same file', async () => {
    const files = memoryFiles('b');
    const write = () => writeRecords(files, `${FOLDER}/r1-node-1`, [{ a: 1 }], writing());
    expect(await write()).toEqual(await write());
    expect(files.tree(FOLDER)).toHaveLength(2);
  });

  it.each<[string, (files: MemoryFileSystem, path: string) => unknown, string]>([
    ['absent', (files, path) => files.delete(path), 'absent'],
    ['cut off', (files, path) => files.writeFile(path, files.readFile(path)?.subarray(0, 10) ?? ''), 'not what'],
    ['empty', (files, path) => files.writeFile(path, ''), 'not what'],
    ['another’s', (files, path) => files.writeFile(path, 'other bytes'), 'not what was written'],
  ])('that are %s are PLAN_CORRUPT', async (_, spoil, found) => {
    const files = memoryFiles('b');
    const ref = await writeRecords(files, `${FOLDER}/r1-node-1`, [{ a: 1 }], writing());
    await spoil(files, ref.path);
    const error = await refusal(readRecords(files, ref, SIGNAL));
    expect(codeOf(error)).toBe('PLAN_CORRUPT');
    expect(error.message).toContain(`b:${ref.path} is ${found}`);
  });
});
