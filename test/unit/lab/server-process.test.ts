import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decideServer, type Seen } from '../../../lab/ensure-server.ts';
import { isAlive, parseProcStat, startTimeByPs, startTimeOf } from '../../../lab/process-identity.ts';
import {
  endProcess,
  forgetRecord,
  lastLogLines,
  readRecord,
  signalProcess,
  startServer,
} from '../../../lab/server-process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-process-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FIELDS = '1 4242 4242 0 -1 4194560 100 0 0 0 5 3 0 0 20 0 1 0 987654 1000 200';

describe('parseProcStat', () => {
  it.each([
    [`4242 (java) S ${FIELDS}`, { state: 'S', startTime: '987654' }],
    [`4242 (tmux: server) R ${FIELDS}`, { state: 'R', startTime: '987654' }],
    [`4242 (a) S 1 (b) Z ${FIELDS}`, { state: 'Z', startTime: '987654' }],
    ['', undefined],
    ['4242 (java) S 1 2', undefined],
    ['no such file', undefined],
  ])('%j', (text, expected) => expect(parseProcStat(text)).toEqual(expected));
});

describe('a process is its pid and its start time', () => {
  it('this process is alive; the same pid with another start time is not', () => {
    const startTime = startTimeOf(process.pid) ?? '';
    expect(isAlive({ pid: process.pid, startTime })).toBe(true);
    expect(isAlive({ pid: process.pid, startTime: `${startTime}0` })).toBe(false);
  });

  it('no signal reaches a process that only took over the pid', () => {
    expect(signalProcess({ pid: process.pid, startTime: 'long ago' }, 'SIGKILL')).toBe(false);
  });

  it('ps tells the start time where there is no /proc', () => {
    expect(startTimeByPs(process.pid)).toMatch(/\d\d:\d\d:\d\d/);
    expect(startTimeByPs(process.pid)).toBe(startTimeByPs(process.pid));
    expect(startTimeByPs(2 ** 22 + 1)).toBeUndefined();
  });
});

describe('decideServer', () => {
  const cases: [string, Seen, 'keep' | 'start' | 'restart'][] = [
    ['never started', { alive: false }, 'start'],
    ['dead', { alive: false, fingerprint: 'now' }, 'start'],
    ['dead, and of other settings', { alive: false, fingerprint: 'before' }, 'start'],
    ['runs and answers', { alive: true, fingerprint: 'now' }, 'keep'],
    ['runs, does not answer', { alive: true, fingerprint: 'now', missing: 'ECONNREFUSED' }, 'restart'],
    ['answers, but with other settings', { alive: true, fingerprint: 'before' }, 'restart'],
  ];
  it.each(cases)('%s: %j -> %s', (_name, seen, decision) => expect(decideServer(seen, 'now')).toBe(decision));
});

describe('startServer', () => {
  const sleeper = (script: string) => ({
    name: 'a-namenode',
    command: process.execPath,
    args: ['-e', script],
    env: { GREETING: 'hello' },
    cwd: join(folder, 'work'),
  });
  const READY =
    'console.log(process.env.GREETING + " " + process.env.HIVE_FERRY_LAB_SERVER); setInterval(() => undefined, 1000);';

  async function untilLogged(log: string, text: string): Promise<void> {
    for (let tries = 0; !lastLogLines(log).includes(text); tries += 1) {
      if (tries === 200) throw new Error(`never logged: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  it('remembers the process, logs what it says, marks it as the lab’s, and ends it', async () => {
    const record = await startServer(sleeper(READY), 'f1', folder);
    expect(readRecord('a-namenode', folder)).toEqual(record);
    expect(record).toMatchObject({ fingerprint: 'f1', startTime: startTimeOf(record.pid) });
    await untilLogged(record.log, `hello ${folder}#a-namenode`);
    await endProcess(record);
    expect(isAlive(record)).toBe(false);
    forgetRecord('a-namenode', folder);
    expect(readRecord('a-namenode', folder)).toBeUndefined();
  });

  it('ends a process that ignores TERM, and one that is stopped', async () => {
    const stubborn = await startServer(sleeper(`process.on('SIGTERM', () => undefined); ${READY}`), 'f1', folder);
    await untilLogged(stubborn.log, 'hello');
    await endProcess(stubborn, 100);
    expect(isAlive(stubborn)).toBe(false);

    const stopped = await startServer(sleeper(READY), 'f1', folder);
    await untilLogged(stopped.log, 'hello');
    signalProcess(stopped, 'SIGSTOP');
    expect(isAlive(stopped)).toBe(true);
    await endProcess(stopped);
    expect(isAlive(stopped)).toBe(false);
    expect(existsSync(join(folder, 'logs', 'a-namenode.before.log'))).toBe(true);
  });

  it('a record that was cut off in writing counts as none', async () => {
    const record = await startServer(sleeper(READY), 'f1', folder);
    writeFileSync(join(folder, 'run', 'a-namenode.json'), '{"pid":');
    expect(readRecord('a-namenode', folder)).toBeUndefined();
    await endProcess(record);
  });

  it('a command that is not there is an error', async () => {
    await expect(startServer({ ...sleeper(READY), command: join(folder, 'none') }, 'f1', folder)).rejects.toThrow(
      'ENOENT',
    );
  });
});

it('a process that ended but was not reaped is not alive', async () => {
  // The shell starts a child, replaces itself by a sleep that never reaps it, and the child ends.
  const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 5'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(startTimeOf(pid)).toBeUndefined();
  parent.kill();
});

describe('lastLogLines', () => {
  it('the last lines that say something', () => {
    const log = join(folder, 'x.log');
    writeFileSync(log, `${Array.from({ length: 40 }, (_, n) => `line ${n}`).join('\n')}\n\n  \n`);
    expect(lastLogLines(log, 2)).toBe('  line 38\n  line 39');
  });
  it('leaves out stack frames and the banners that Hadoop prints when it ends', () => {
    const log = join(folder, 'x.log');
    const frames = '\tat org.apache.hadoop.Storage.read(Storage.java:7)\n\t... 12 more\n';
    const banner = 'INFO DataNode: SHUTDOWN_MSG: \n/*****\nSHUTDOWN_MSG: Shutting down at vm\n*****/\n';
    writeFileSync(log, `java.io.IOException: Incompatible clusterIDs\n${frames}WARN Exiting Datanode\n${banner}`);
    expect(lastLogLines(log)).toBe('  java.io.IOException: Incompatible clusterIDs\n  WARN Exiting Datanode');
  });
  it('no log at all', () => expect(lastLogLines(join(folder, 'none.log'))).toContain('no log'));
});
