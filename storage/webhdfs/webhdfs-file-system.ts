import type { Readable } from 'node:stream';
import type { Code } from '../../errors/codes.ts';
import { FerryError, isFerryError } from '../../errors/ferry-error.ts';
import type { Budget } from '../budget.ts';
import type {
  AttributeChange,
  Attributes,
  CallOptions,
  Checksum,
  ConcatAnswer,
  CreateOptions,
  FileStatus,
  FileSystem,
  OpenOptions,
  RenameAnswer,
  SnapshotAnswer,
} from '../file-system.ts';
import { compareNames, segmentsOf } from '../path.ts';
import type { FileDefaults, QuotaUsage } from '../quota.ts';
import { isSaid } from './answer.ts';
import { operationsFor, readAttributes } from './attributes.ts';
import { type Authentication, simpleAuthentication } from './authentication.ts';
import { DEFAULT_DEADLINES, type Deadlines } from './deadlines.ts';
import { FileBytes } from './file-bytes.ts';
import { type Page, readBoolean, readChecksum, readPage, readStatus, readWholeListing } from './file-status.ts';
import { Namenode, type Operation, type Parameters } from './namenode.ts';
import { DEFAULT_PATIENCE, type Patience } from './patience.ts';
import { isUnknownOperation, readFileDefaults, readQuotaUsage } from './quota-usage.ts';

export type WebHdfsOptions = {
  /** The cluster's name, for messages. */
  readonly cluster: string;
  /** One URL a namenode: 'http://nn1:9870'. */
  readonly urls: readonly string[];
  /** The user of simple authentication. */
  readonly user: string;
  /** Another way to sign in; `user` is then not sent. */
  readonly authentication?: Authentication;
  readonly deadlines?: Partial<Deadlines>;
  readonly patience?: Partial<Patience>;
  /** Of calls to the namenodes, each attempt one; left out: no limit. */
  readonly calls?: Budget | undefined;
};

/** One cluster over WebHDFS (https://hadoop.apache.org/docs/stable/hadoop-project-dist/hadoop-hdfs/WebHDFS.html). */
export function createWebHdfs(options: WebHdfsOptions): FileSystem {
  return new WebHdfsFileSystem(options);
}

/** What the server says of a path that is not there: also of one that leads through a file, since nothing can be there. */
const ABSENT: ReadonlySet<Code> = new Set(['PATH_ABSENT', 'NOT_A_FOLDER']);

const NO_OPERATION = 'HIVE_FERRY';
/** As its source has it (HttpFSParametersProvider): neither parameter is known there. */
const HTTPFS_UNFIT =
  "HttpFS answers there, which has no rename2 (renameoptions) and no createparent: it serves as a source; to write, name the namenodes' own WebHDFS";

class WebHdfsFileSystem implements FileSystem {
  readonly cluster: string;
  readonly #namenode: Namenode;
  readonly #bytes: FileBytes;
  /** Until the server says that it does not know LISTSTATUS_BATCH (Hadoop before 2.9). */
  #batches = true;

  constructor(options: WebHdfsOptions) {
    const { cluster, urls, user, calls, authentication = simpleAuthentication(user) } = options;
    const deadlines = { ...DEFAULT_DEADLINES, ...options.deadlines };
    const patience = { ...DEFAULT_PATIENCE, ...options.patience };
    this.cluster = cluster;
    this.#namenode = new Namenode({ cluster, urls, authentication, deadlines, patience, calls });
    this.#bytes = new FileBytes(this.#namenode, deadlines, patience);
  }

  async status(path: string, options: CallOptions = {}): Promise<FileStatus | undefined> {
    const operation: Operation = { method: 'GET', op: 'GETFILESTATUS', path };
    const answer = await undefinedWhenAbsent(this.#namenode.call(operation, options));
    return answer === undefined ? undefined : readStatus(answer, this.#namenode.nameOf(operation));
  }

  async list(path: string, options: CallOptions = {}): Promise<AsyncIterable<readonly FileStatus[]> | undefined> {
    const first = await undefinedWhenAbsent(this.#page(path, undefined, options));
    return first === undefined ? undefined : this.#pages(path, first, options);
  }

  async checksum(path: string, options: CallOptions = {}): Promise<Checksum | 'open' | undefined> {
    const what = this.#namenode.nameOf({ method: 'GET', op: 'GETFILECHECKSUM', path });
    try {
      return readChecksum(await this.#bytes.checksum(path, options), what);
    } catch (error) {
      if (isFerryError(error) && ABSENT.has(error.code)) return undefined;
      if (isSaid(error, /is under construction\.?$/)) return 'open';
      throw error;
    }
  }

  async mkdirs(path: string, options: CallOptions = {}): Promise<void> {
    const operation: Operation = { method: 'PUT', op: 'MKDIRS', path, changes: true };
    const what = this.#namenode.nameOf(operation);
    const answer = await recoded('PATH_EXISTS', 'NOT_A_FOLDER', this.#namenode.call(operation, options));
    if (readBoolean(answer, what)) return;
    const there = await this.status(path, options);
    if (there?.kind !== 'folder') throw new FerryError('SERVER_ERROR', `${what}: answered false, and gave no reason`);
  }

  async rename(from: string, to: string, options: CallOptions = {}): Promise<RenameAnswer> {
    segmentsOf(to);
    const parameters = { destination: to, renameoptions: 'NONE' };
    const operation: Operation = { method: 'PUT', op: 'RENAME', path: from, parameters, changes: true };
    const what = `${this.#namenode.nameOf(operation)} to ${to}`;
    try {
      const answer = await this.#namenode.call(operation, options);
      // rename2 answers with nothing. A yes or no comes from a server that does not know the option; its yes may mean
      // that the source went INTO a folder that stood at the destination.
      if (answer.body === '') return { renamed: true };
      if (!readBoolean(answer, what)) return { renamed: false, reason: `${what}: answered false, and gave no reason` };
      throw new FerryError('BAD_ANSWER', `${what}: the server renamed without heeding renameoptions=NONE`);
    } catch (error) {
      if (isFerryError(error) && isRefusal(error)) return { renamed: false, reason: error.message };
      throw error;
    }
  }

  async delete(path: string, options: CallOptions = {}): Promise<boolean> {
    const operation: Operation = {
      method: 'DELETE',
      op: 'DELETE',
      path,
      parameters: { recursive: 'true' },
      changes: true,
    };
    const what = this.#namenode.nameOf(operation);
    const answer = await undefinedWhenAbsent(this.#namenode.call(operation, options));
    if (answer === undefined) return false;
    if (readBoolean(answer, what)) return true;
    if ((await this.status(path, options)) === undefined) return false;
    throw new FerryError('SERVER_ERROR', `${what}: answered false, and it is still there`);
  }

  async setModificationTime(path: string, modificationTime: number, options: CallOptions = {}): Promise<void> {
    const parameters = { modificationtime: String(modificationTime) };
    const operation: Operation = { method: 'PUT', op: 'SETTIMES', path, parameters, changes: true };
    await recoded('NOT_A_FOLDER', 'PATH_ABSENT', this.#namenode.call(operation, options));
  }

  quotaUsage(path: string, options: CallOptions = {}): Promise<QuotaUsage | undefined> {
    return undefinedWhenAbsent(readQuotaUsage(this.#namenode, path, options));
  }

  fileDefaults(options: CallOptions = {}): Promise<FileDefaults | undefined> {
    return readFileDefaults(this.#namenode, options);
  }

  attributes(path: string, options: CallOptions = {}): Promise<Attributes | undefined> {
    return undefinedWhenAbsent(readAttributes(this.#namenode, path, options));
  }

  async setAttribute(path: string, change: AttributeChange, options: CallOptions = {}): Promise<void> {
    const there = change.set === 'acl' ? await this.status(path, options) : undefined;
    for (const operation of operationsFor(path, there?.kind ?? 'folder', change)) {
      await recoded('NOT_A_FOLDER', 'PATH_ABSENT', this.#namenode.call(operation, options));
    }
  }

  create(path: string, body: () => AsyncIterable<Uint8Array>, options: CreateOptions = {}): Promise<void> {
    return this.#bytes.create(path, body, options);
  }

  async concat(target: string, sources: readonly string[], options: CallOptions = {}): Promise<ConcatAnswer> {
    for (const source of sources) segmentsOf(source);
    // The server takes the list apart at its commas, which have no escaped form there (ConcatSourcesParam).
    const unnameable = sources.find((source) => source.includes(','));
    if (unnameable !== undefined) return { joined: false, reason: `${unnameable} has a comma in its path` };
    const parameters = { sources: sources.join(',') };
    const operation: Operation = { method: 'POST', op: 'CONCAT', path: target, parameters, changes: true };
    try {
      await this.#namenode.call(operation, options);
      return { joined: true };
    } catch (error) {
      if (isFerryError(error) && isConcatRefusal(error)) return { joined: false, reason: error.message };
      throw error;
    }
  }

  async createSnapshot(folder: string, name: string, options: CallOptions = {}): Promise<SnapshotAnswer> {
    const parameters = { snapshotname: name };
    const operation: Operation = { method: 'PUT', op: 'CREATESNAPSHOT', path: folder, parameters, changes: true };
    try {
      await this.#namenode.call(operation, options);
      return { made: true };
    } catch (error) {
      if (!isFerryError(error) || error.details.exception !== 'SnapshotException') throw error;
      const there = await this.status(`${folder}/.snapshot/${name}`, options);
      return there === undefined ? { made: false, reason: error.message } : { made: true };
    }
  }

  async deleteSnapshot(folder: string, name: string, options: CallOptions = {}): Promise<boolean> {
    const parameters = { snapshotname: name };
    const operation: Operation = { method: 'DELETE', op: 'DELETESNAPSHOT', path: folder, parameters, changes: true };
    try {
      await this.#namenode.call(operation, options);
      return true;
    } catch (error) {
      if (!isFerryError(error)) throw error;
      if (ABSENT.has(error.code)) return false;
      if (error.details.exception !== 'SnapshotException') throw error;
      if ((await this.status(`${folder}/.snapshot/${name}`, options)) === undefined) return false;
      throw error;
    }
  }

  open(path: string, options: OpenOptions = {}): Promise<Readable> {
    return recoded('NOT_A_FOLDER', 'PATH_ABSENT', this.#bytes.open(path, options));
  }

  /**
   * HttpFS gives itself away by its class when it refuses an operation that nobody has (seen of 3.4.1); a namenode refuses
   * it in other words. Of several servers each is asked, since any of them may be the one that answers later; where some
   * give no answer, the others' counts.
   */
  async unfitAsTarget(options: CallOptions = {}): Promise<string | undefined> {
    const operation: Operation = { method: 'GET', op: NO_OPERATION, path: '/' };
    const refusals = await this.#namenode.refusals(operation, options);
    if (refusals.some(isOfHttpFs)) return HTTPFS_UNFIT;
    if (refusals.some((error) => isUnknownOperation(error, NO_OPERATION))) return undefined;
    try {
      await this.#namenode.call(operation, options);
    } catch (error) {
      if (isOfHttpFs(error)) return HTTPFS_UNFIT;
      if (!isUnknownOperation(error, NO_OPERATION)) throw error;
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#namenode.close();
  }

  async #page(path: string, after: string | undefined, options: CallOptions): Promise<Page> {
    const parameters: Parameters = after === undefined ? {} : { startAfter: after };
    const operation: Operation = {
      method: 'GET',
      op: this.#batches ? 'LISTSTATUS_BATCH' : 'LISTSTATUS',
      path,
      parameters,
    };
    const what = this.#namenode.nameOf(operation);
    if (!this.#batches) {
      const statuses = readWholeListing(await this.#namenode.call(operation, options), what);
      return { statuses: [...statuses].sort((a, b) => compareNames(a.name, b.name)), more: false };
    }
    try {
      return readPage(await this.#namenode.call(operation, options), what);
    } catch (error) {
      if (!isUnknownOperation(error, operation.op)) throw error;
      this.#batches = false;
      return this.#page(path, after, options);
    }
  }

  async *#pages(path: string, first: Page, options: CallOptions): AsyncGenerator<readonly FileStatus[]> {
    let page = first;
    for (;;) {
      if (page.statuses.length > 0) yield page.statuses;
      if (!page.more) return;
      page = await recoded('NOT_A_FOLDER', 'PATH_ABSENT', this.#page(path, page.statuses.at(-1)?.name, options));
    }
  }
}

function isOfHttpFs(error: unknown): boolean {
  return isSaid(error, /\bHttpFSFileSystem\b/);
}

async function undefinedWhenAbsent<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isFerryError(error) && ABSENT.has(error.code)) return undefined;
    throw error;
  }
}

/** One exception class means different things to different operations. */
async function recoded<T>(from: Code, to: Code, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isFerryError(error) || error.code !== from) throw error;
    throw new FerryError(to, error.message, { cause: error, details: error.details });
  }
}

/** Two of rename2's refusals come as a plain IOException (FSDirRenameOp): a folder under itself, and a file onto a folder or the reverse. */
function isRefusal(error: FerryError): boolean {
  if (error.code === 'PATH_ABSENT' || error.code === 'PATH_EXISTS' || error.code === 'NOT_A_FOLDER') return true;
  return isSaid(
    error,
    /^Rename destination .* is a directory or file under source |must both be directories$|cannot be the root$/,
  );
}

/** FSDirConcatOp refuses by exceptions that mean something else elsewhere; a gateway may not know the operation at all. */
const NO_CONCAT = new Set([
  'HadoopIllegalArgumentException',
  'IllegalArgumentException',
  'SnapshotException',
  'UnsupportedOperationException',
]);

function isConcatRefusal({ code, details }: FerryError): boolean {
  return ABSENT.has(code) || NO_CONCAT.has(String(details.exception));
}
