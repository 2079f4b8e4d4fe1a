import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Outcome } from '../../sync/outcome.ts';
import { ConfigOverLab } from './config-over-lab.ts';
import { documentOf, ferry, type Ran, startFerry } from './ferry.ts';
import { labTemporal } from './lab-temporal.ts';
import { PARTITIONS, SLOW, SlowCopy } from './slow-copy.ts';

jest.setTimeout(240_000);

const CTRL_C = '\x03';
/** A cancelled run ends within five seconds; this is what a busy machine is given. */
const CANCELLED_WITHIN_MS = 15_000;

const copy = new SlowCopy('interrupt');
let temporal: Awaited<ReturnType<typeof labTemporal>>;

beforeAll(async () => {
  temporal = await labTemporal();
});
beforeEach(() => copy.reset());
afterAll(async () => {
  await copy.close();
  await temporal?.close();
});

const textOf = ({ stdout }: Ran) => stripVTControlCharacters(stdout).replaceAll('\r', '');

/** The words after `ferry` (or `npx ferry`, where the tests were started so) of the command that stands in a line of what was said. */
function commandAfter(label: string, ran: Ran): readonly string[] {
  const line = textOf(ran)
    .split('\n')
    .find((one) => one.trim().startsWith(label));
  const words = line?.trim().slice(label.length).trim().split(' ') ?? [];
  if (!words.includes('ferry')) throw new Error(`no command after "${label}" in: ${textOf(ran)}`);
  return words.slice(words.indexOf('ferry') + 1);
}

async function stateOf(workflowId: string): Promise<string> {
  return (await temporal.client.workflow.getHandle(workflowId).describe()).status.name;
}

function idOf(ran: Ran): string {
  const id = /^(?:Started|Already running, joined|Resumed): (\S+)$/m.exec(`${textOf(ran)}\n${ran.stderr}`)?.[1];
  if (id === undefined) throw new Error(`no workflow id in: ${textOf(ran)}${ran.stderr}`);
  return id;
}

describe('a sync whose worker is elsewhere', () => {
  beforeAll(async () => {
    await copy.worker();
  });

  it('goes on without its terminal after Ctrl-C; the command that is printed joins it and tells its end', async () => {
    const terminal = copy.startInTerminal();
    await terminal.untilSaid('copying · 0/');
    terminal.type(CTRL_C);
    const left = await terminal.ended;
    expect(left.exitCode).toBe(130);
    expect(textOf(left)).toContain('The run goes on without this terminal.');
    expect(await stateOf(idOf(left))).toBe('RUNNING');

    const back = await ferry(commandAfter('To come back:', left));
    expect([back.exitCode, idOf(back)]).toEqual([0, idOf(left)]);
    expect(back.stderr).toContain('Already running, joined: ');
    expect(back.stdout).toContain('complete');
    expect((await copy.published()).length).toBe(PARTITIONS);
    expect(await copy.staging()).toEqual([]);
  });

  it('two terminals on one sync: the second joins it, and both end alike; other options are refused by name', async () => {
    const first = copy.start('--json');
    await first.untilSaid('Started: ');
    const second = copy.start('--json');
    await second.untilSaid('Already running, joined: ');
    const other = await ferry(copy.sync('--json', '--rounds', '2', '--retain', '2d'));
    expect(other.exitCode).toBe(3);
    const refused = documentOf<Outcome>(other);
    expect(refused).toMatchObject({ outcome: 'refused', partitions: { published: 0 } });
    expect(refused.failures[0]?.message).toMatch(/with other options: (retain, rounds|rounds, retain) /);

    const ends = await Promise.all([first.ended, second.ended]);
    const [one, two] = ends.map((ran) => documentOf<Outcome>(ran));
    expect(one).toMatchObject({ outcome: 'complete', partitions: { published: PARTITIONS } });
    expect([two, ...ends.map(({ exitCode }) => exitCode)]).toEqual([one, 0, 0]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'is cancelled by %s where there is no terminal: exit 5, what it published is registered, no staging is left',
    async (signal) => {
      const running = copy.start('--json');
      await copy.untilPublished(1);
      const since = Date.now();
      running.signal(signal);
      const ended = await running.ended;
      expect(Date.now() - since).toBeLessThan(CANCELLED_WITHIN_MS);
      const outcome = documentOf<Outcome>(ended);
      expect([ended.exitCode, outcome.outcome]).toEqual([5, 'cancelled']);
      expect(outcome.partitions.published).toBe((await copy.published()).length);
      expect(outcome.partitions.published).toBeLessThan(PARTITIONS);
      expect(await copy.staging()).toEqual([]);
      expect(await stateOf(outcome.workflowId)).toBe('CANCELLED');
    },
  );

  it('a second signal does not wait for the end: exit 130', async () => {
    const running = copy.start();
    await copy.untilPublished(1);
    running.signal('SIGTERM');
    await running.untilSaid('Cancelling the run; waiting for its end.');
    running.signal('SIGTERM');
    expect((await running.ended).exitCode).toBe(130);
  });
});

describe('a sync with its worker in the same process', () => {
  const config = new ConfigOverLab({ worker: SLOW });
  const QUEUE = ['--task-queue', `${copy.name}-local`];

  afterAll(() => config.delete());

  it('is paused by Ctrl-C; the command that is printed goes on with it, and copies nothing twice', async () => {
    const terminal = copy.startInTerminal('--local', '--config', config.path, ...QUEUE);
    await copy.untilPublished(1);
    terminal.type(CTRL_C);
    const left = await terminal.ended;
    expect(textOf(left)).toContain('The run is paused.');
    expect([left.exitCode, await stateOf(idOf(left))]).toEqual([130, 'RUNNING']);
    const published = await copy.published();
    expect(published.length).toBeLessThan(PARTITIONS);
    await sleep(2_000);
    expect(await copy.published()).toEqual(published);

    const ended = await startFerry([...commandAfter('To go on:', left), '--json']).ended;
    const outcome = documentOf<Outcome>(ended);
    expect([ended.exitCode, outcome.workflowId]).toEqual([0, idOf(left)]);
    expect(outcome).toMatchObject({ outcome: 'complete', rounds: 1, partitions: { published: PARTITIONS } });
    // A partition is one file.
    expect(outcome.files.copied + outcome.files.reused).toBe(PARTITIONS);
    expect(await copy.staging()).toEqual([]);
  });

  it('is cancelled by SIGTERM where there is no terminal', async () => {
    const running = copy.start('--local', '--json', '--config', config.path, ...QUEUE);
    await copy.untilPublished(1);
    running.signal('SIGTERM');
    const ended = await running.ended;
    expect([ended.exitCode, documentOf<Outcome>(ended).outcome]).toEqual([5, 'cancelled']);
    expect(await copy.staging()).toEqual([]);
  });
});
