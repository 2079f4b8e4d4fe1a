import { describe, expect, it } from '@jest/globals';
import type { Code } from '../../../errors/codes.ts';
import { FerryError } from '../../../errors/ferry-error.ts';
import type { RenameAnswer } from '../../../storage/file-system.ts';
import { MemoryFileSystem } from '../../../storage/memory-file-system.ts';
import { settleRename } from '../../../sync/settle-rename.ts';
import { SIGNAL } from './two-clusters.ts';

const [FROM, TO] = ['/stage/k', '/t/dt=1'];

/** A namenode whose next rename fails, before or after it took effect, or to which something happens meanwhile. */
class Unsure extends MemoryFileSystem {
  renames = 0;
  before?: () => Promise<void>;
  after?: () => Promise<void>;

  override async rename(...call: Parameters<MemoryFileSystem['rename']>): Promise<RenameAnswer> {
    this.renames += 1;
    await this.before?.();
    const answer = await super.rename(...call);
    await this.after?.();
    return answer;
  }
}

async function staged(): Promise<{ files: Unsure; id: string }> {
  const files = new Unsure({ cluster: 'b' });
  files.writeFile(`${FROM}/f`, 'new');
  await files.mkdirs('/t');
  return { files, id: (await files.status(FROM))?.fileId ?? '' };
}

function fail(code: Code): () => Promise<never> {
  return async () => {
    throw new FerryError(code, `${code} of the test`);
  };
}

const settle = (files: Unsure, id: string) => settleRename(files, id, FROM, TO, SIGNAL);

describe('a rename', () => {
  it('that the server confirms has happened', async () => {
    const { files, id } = await staged();
    expect(await settle(files, id)).toEqual({ moved: 'yes' });
    expect((await files.status(TO))?.fileId).toBe(id);
  });

  it.each(['CONNECTION_LOST', 'DEADLINE', 'STANDBY', 'SERVER_ERROR'] as const)(
    'case 48: whose answer was lost after it took effect (%s) has happened, and is not asked for again',
    async (code) => {
      const { files, id } = await staged();
      files.after = fail(code);
      expect(await settle(files, id)).toEqual({ moved: 'yes' });
      expect(files.renames).toBe(1);
    },
  );

  it.each(['CONNECTION_LOST', 'DEADLINE', 'PERMISSION_DENIED', 'QUOTA_EXCEEDED'] as const)(
    'case 48: that failed without effect (%s) is thrown as it is, and not asked for again',
    async (code) => {
      const { files, id } = await staged();
      files.before = fail(code);
      await expect(settle(files, id)).rejects.toMatchObject({ code, message: `${code} of the test` });
      expect([files.renames, files.tree(TO)]).toEqual([1, []]);
    },
  );

  it.each<[string, (files: Unsure) => Promise<unknown>, RegExp]>([
    ['something stands there', (files) => files.mkdirs(TO), /exists/i],
    ['the parent is gone', (files) => files.delete('/t'), /parent|not exist|absent/i],
  ])('that was refused because %s has not happened, in the server’s words', async (_, first, reason) => {
    const { files, id } = await staged();
    await first(files);
    expect(await settle(files, id)).toEqual({ moved: 'no', reason: expect.stringMatching(reason) });
    expect((await files.status(FROM))?.fileId).toBe(id);
  });

  it('that was refused because it had happened before has happened', async () => {
    const { files, id } = await staged();
    await MemoryFileSystem.prototype.rename.call(files, FROM, TO);
    expect(await settle(files, id)).toEqual({ moved: 'yes' });
  });

  it('of a folder that others took away is unknown, whatever stands at both ends now', async () => {
    const { files, id } = await staged();
    files.before = async () => {
      await files.delete(FROM);
      files.writeFile(`${FROM}/f`, 'another');
      files.writeFile(`${TO}/f`, 'another');
      throw new FerryError('CONNECTION_LOST', 'the line broke');
    };
    expect(await settle(files, id)).toEqual({ moved: 'unknown', reason: 'the line broke' });
  });

  it('of a folder that is nowhere is unknown, with the server’s reason', async () => {
    const { files } = await staged();
    await files.delete(FROM);
    expect(await settle(files, 'nobody')).toEqual({ moved: 'unknown', reason: expect.any(String) });
  });

  it('that landed and was replaced by others before the look is unknown', async () => {
    const { files, id } = await staged();
    files.after = async () => {
      await files.delete(TO);
      files.writeFile(`${TO}/f`, 'theirs');
      throw new FerryError('CONNECTION_LOST', 'the line broke');
    };
    expect(await settle(files, id)).toMatchObject({ moved: 'unknown' });
    expect(files.readFile(`${TO}/f`)?.toString()).toBe('theirs');
  });

  it('passes through what is no answer of a server: an abort, a fault', async () => {
    const { files, id } = await staged();
    const why = new Error('stopped');
    await expect(settleRename(files, id, FROM, TO, AbortSignal.abort(why))).rejects.toBe(why);
    files.after = async () => {
      throw why;
    };
    await expect(settle(files, id)).rejects.toBe(why);
  });
});
