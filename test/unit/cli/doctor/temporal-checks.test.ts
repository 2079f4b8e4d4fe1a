import { describe, expect, it } from '@jest/globals';
import type { CheckStatus } from '../../../../cli/doctor/check.ts';
import type { TemporalFindings } from '../../../../cli/doctor/findings.ts';
import { doctorDocument, doctorReport } from '../../../../cli/doctor/report.ts';
import { poolVerdict, temporalChecks } from '../../../../cli/doctor/temporal-checks.ts';
import { colorsFor } from '../../../../cli/terminal.ts';
import { not, said } from './findings.ts';

const MiB = 2 ** 20;
const settings = { nodes: { count: 4, memoryBytes: 256 * MiB }, poolBytes: 1024 * MiB, workerCommand: 'ferry worker' };
const good: TemporalFindings = {
  address: 't:7233',
  namespace: 'etl',
  credentials: said({}),
  connected: said('1.32.0'),
  namespaceKnown: said(true),
  queues: [{ name: 'hive-ferry', polled: said(true) }],
};
const { namespaceKnown: _, ...nowhere } = { ...good, connected: not('UNREACHABLE'), queues: [] };
const noWayIn = { ...nowhere, credentials: not('CONFIG_INVALID'), connected: not('CONFIG_INVALID') };

const statuses = (findings: TemporalFindings) => temporalChecks(findings, settings).map(({ status }) => status);
const found = (id: string, findings: TemporalFindings) =>
  temporalChecks(findings, settings).find((check) => check.id === id);

describe('the checks of Temporal', () => {
  it.each<[string, TemporalFindings, readonly CheckStatus[]]>([
    ['all good', good, ['ok', 'ok', 'ok', 'ok', 'ok']],
    ['no server', nowhere, ['ok', 'fail', 'skip', 'skip', 'ok']],
    ['no way in', noWayIn, ['fail', 'skip', 'skip', 'skip', 'ok']],
    ['no such namespace', { ...good, namespaceKnown: said(false), queues: [] }, ['ok', 'ok', 'fail', 'skip', 'ok']],
    ['no worker', { ...good, queues: [{ name: 'hive-ferry', polled: said(false) }] }, ['ok', 'ok', 'ok', 'fail', 'ok']],
    [
      'a copy queue of its own, without a worker',
      { ...good, queues: [...good.queues, { name: 'copy', polled: said(false) }] },
      ['ok', 'ok', 'ok', 'ok', 'fail', 'ok'],
    ],
    ['a server too busy to say', { ...good, namespaceKnown: not('DEADLINE') }, ['ok', 'ok', 'unknown', 'ok', 'ok']],
  ])('%s', (_, findings, expected) => {
    expect(statuses(findings)).toEqual(expected);
  });

  it('each say how to mend it', () => {
    expect(found('server', nowhere)?.fix).toMatch(/temporal\.address/);
    expect(found('server', { ...nowhere, connected: not('AUTH_REQUIRED') })?.fix).toMatch(/^Check temporal\.apiKey/);
    expect(found('namespace', { ...good, namespaceKnown: said(false) })?.fix).toContain(
      'temporal operator namespace create -n etl --address t:7233',
    );
    expect(found('workers', { ...good, queues: [{ name: 'q', polled: said(false) }] })?.fix).toBe(
      'Start one: ferry worker',
    );
  });

  it.each<[number, number, CheckStatus, RegExp]>([
    [1024, 4, 'ok', /holds all nodes at once/],
    [512, 4, 'warn', /holds 2 at once/],
    [512, 1, 'ok', /1 × 256MiB/],
  ])('a pool of %i MiB for %i nodes: %s', (pool, count, status, says) => {
    const verdict = poolVerdict({ ...settings, nodes: { ...settings.nodes, count }, poolBytes: pool * MiB });
    expect(verdict.status).toBe(status);
    expect(verdict.says).toMatch(says);
    if (status === 'warn') expect(verdict.fix).toBe('Run 2 workers, or raise worker.pool to 1GiB.');
  });
});

describe('the report', () => {
  const layout = { columns: 60, colors: colorsFor(false, {}) };

  it('names each check and, below what is not right, its fix, within the width', () => {
    const text = doctorReport(temporalChecks({ ...good, namespaceKnown: said(false), queues: [] }, settings), layout);
    expect(text).toMatch(
      /^temporal\n {2}✓ credentials {2}no TLS and no API key\n {2}✓ server {7}t:7233 answers, version 1\.32\.0\n {2}✗ namespace /,
    );
    expect(text.replace(/\s+/g, ' ')).toContain('Fix: Correct temporal.namespace');
    expect(text).toMatch(/✗ 4 checks, 1 failed$/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('says so when all is good, or when something could not be told', () => {
    expect(doctorReport(temporalChecks(good, settings), layout)).toMatch(/✓ 5 checks, all good$/);
    const busy = temporalChecks({ ...good, namespaceKnown: not('DEADLINE') }, settings);
    expect(doctorReport(busy, layout)).toMatch(/\? 5 checks, 1 could not tell$/);
    expect(doctorDocument(busy)).toMatchObject({ schemaVersion: 1, healthy: false, counts: { ok: 4, unknown: 1 } });
  });
});
