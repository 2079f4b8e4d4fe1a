import { setTimeout as sleep } from 'node:timers/promises';
import type { Code } from '../../errors/codes.ts';
import { codeOf } from '../../errors/ferry-error.ts';
import type { FileStatus, FileSystem, OpenOptions } from '../../storage/file-system.ts';
import { SlowBody } from './slow-body.ts';

/** The file system under test and a fresh folder `at` for each test, with what every test says to it. */
export class FileSystemProbe {
  files!: FileSystem;
  at = '';
  pageSize = 0;

  write(path: string, ...chunks: readonly (string | Uint8Array)[]): Promise<void> {
    return this.files.create(path, async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk);
    });
  }

  async read(path: string, options: OpenOptions = {}): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of await this.files.open(path, options)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async text(path: string, options: OpenOptions = {}): Promise<string> {
    return (await this.read(path, options)).toString();
  }

  async present(path: string): Promise<FileStatus> {
    const status = await this.files.status(path);
    if (status === undefined) throw new Error(`${path} is not there`);
    return status;
  }

  async idOf(path: string): Promise<string> {
    const { fileId } = await this.present(path);
    if (fileId === undefined) throw new Error(`${path} has no identity`);
    return fileId;
  }

  async names(path: string): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const page of (await this.files.list(path)) ?? []) found.push(...page.map((status) => status.name));
    return found;
  }

  /** A create() whose file is there, open, with its body in the test's hands. */
  async writing(path: string, signal?: AbortSignal): Promise<{ source: SlowBody; done: Promise<void> }> {
    const source = new SlowBody();
    const done = this.files.create(path, source.body, { signal });
    done.catch(() => {});
    source.push('abc');
    await until(async () => (await this.files.status(path)) !== undefined);
    await until(async () => source.taken === 1);
    return { source, done };
  }
}

/** The code a call ends with. */
export function codeFrom(call: Promise<unknown>): Promise<Code | 'resolved'> {
  return call.then(() => 'resolved', codeOf);
}

/** Waits until something comes to hold, up to five seconds. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await holds()) return;
    await sleep(25);
  }
  throw new Error('it did not come to hold');
}
