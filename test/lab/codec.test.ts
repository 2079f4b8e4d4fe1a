import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readLabState } from '../../lab/state.ts';
import { startWorker, type WorkerProcess } from '../../lab/worker-process.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf, ferry, startFerry } from './ferry.ts';
import { labConfig } from './lab-config.ts';
import { LabDatabase } from './lab-database.ts';
import { labTemporal } from './lab-temporal.ts';

jest.setTimeout(240_000);

const QUEUE = 'codec';
const CODEC = join(__dirname, '..', '..', 'examples', 'codec', 'encrypt-payloads.ts');
const KEY = { CODEC_KEY: randomBytes(32).toString('base64') };
const database = new LabDatabase('ferry_codec');
const TABLE = `${database.database}.orders`;

let folder: string;
let config: string;
let worker: WorkerProcess;
let temporal: Awaited<ReturnType<typeof labTemporal>>;

beforeAll(async () => {
  const lab = readLabState();
  if (lab === undefined) throw new Error('The lab is not up: npm run lab -- up');
  folder = mkdtempSync(join(tmpdir(), 'ferry-codec-'));
  config = join(folder, 'temporal.config.ts');
  const { address, namespace } = lab.temporal;
  const { clusters } = labConfig('root');
  const temporalConfig = { address, namespace, taskQueue: QUEUE, codec: CODEC };
  writeFileSync(config, `export default ${JSON.stringify({ clusters, temporal: temporalConfig })};\n`);
  temporal = await labTemporal();
  await database.drop();
  worker = await startWorker({ name: QUEUE, args: ['--config', config, '--bandwidth', '128KiB'], env: KEY });
});
afterAll(async () => {
  await worker?.end('SIGKILL');
  await temporal?.close();
  await database.drop();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

type Found = { readonly encoding: string; readonly text: string };

/** Every payload below a message of the server, but for search attributes: no codec may touch what the server indexes. */
function payloadsIn(value: unknown): readonly Found[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const { metadata, data } = value as { readonly metadata?: Record<string, Uint8Array>; readonly data?: Uint8Array };
  const encoding = metadata?.encoding;
  if (encoding instanceof Uint8Array)
    return [{ encoding: Buffer.from(encoding).toString(), text: Buffer.from(data ?? []).toString() }];
  return Object.entries(value).flatMap(([name, each]) => (name === 'searchAttributes' ? [] : payloadsIn(each)));
}

/** What the server has of a run: its history, and how it describes it. */
async function asTheServerHasIt(workflowId: string) {
  const { workflow, workflowService, options } = temporal.client;
  const { events } = await workflow.getHandle(workflowId).fetchHistory();
  const { namespace } = options;
  const description = await workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } });
  return { events: events ?? [], description };
}

const sync = (...args: readonly string[]) => [
  ...['sync', ...args, '--source', 'a', '--target', 'b', '--config', config],
  ...['--create-database', '--json'],
];

describe('a sync whose payloads are encrypted, over the lab', () => {
  it('is copied by the worker, watched by another command, and nothing of it is plain on the server', async () => {
    const running = startFerry(sync('sales.orders', '--target-table', TABLE, '--last', '3', '--nodes', '2'), KEY);
    await running.untilSaid(`sync/b/${TABLE}/`);
    const watching = startFerry(['watch', TABLE, '--config', config, '--json'], {
      ...KEY,
      FERRY_PROGRESS_SECONDS: '0.5',
    });
    // The figures of a heartbeat.
    await watching.untilSaid('KiB of ');
    const outcome = documentOf<Outcome>(await running.ended);
    expect(outcome).toMatchObject({ outcome: 'complete', partitions: { selected: 3, published: 3 } });
    expect(documentOf<Outcome>(await watching.ended)).toEqual(outcome);

    const { events, description } = await asTheServerHasIt(outcome.workflowId);
    const payloads = payloadsIn({ events, description });
    expect(payloads.length).toBeGreaterThan(10);
    expect(payloads.filter(({ encoding }) => encoding !== 'binary/encrypted')).toEqual([]);
    expect(payloads.filter(({ text }) => /orders|dt=|hive-ferry|node/.test(text))).toEqual([]);
  });

  it('fails in words that only who has the key can read', async () => {
    const failed = await ferry(sync('sales.no_such_table'), KEY);
    expect(failed.stdout).toContain('no_such_table');
    const { workflowId } = JSON.parse(failed.stdout) as Pick<Outcome, 'workflowId'>;
    const { events, description } = await asTheServerHasIt(workflowId);
    expect(new Set(payloadsIn({ events, description }).map(({ encoding }) => encoding))).toEqual(
      new Set(['binary/encrypted']),
    );
    const failures = events.flatMap(
      ({ activityTaskFailedEventAttributes: activity, workflowExecutionFailedEventAttributes: workflow }) =>
        [activity?.failure, workflow?.failure].filter((failure) => failure != null),
    );
    expect(failures.length).toBeGreaterThan(0);
    expect(new Set(failures.map(({ message }) => message))).toEqual(new Set(['Encoded failure']));
  });

  it('keeps nobody without the key from looking for the runs of a table', async () => {
    const { exitCode, stderr } = await ferry(['pause', 'no.such_table']);
    expect(stderr).toContain('no sync of a table of that name');
    expect(exitCode).toBe(64);
  });

  it('says that the codec is of no use, before anything is started', async () => {
    const { exitCode, stderr } = await ferry(
      ['sync', 'sales.orders', '--source', 'a', '--target', 'b', '--config', config],
      {
        CODEC_KEY: 'too short',
      },
    );
    expect(exitCode).toBe(78);
    expect(stderr).toMatch(/temporal\.codec: .*encrypt-payloads\.ts cannot be used: CODEC_KEY is not 32 bytes/);
  });
});
