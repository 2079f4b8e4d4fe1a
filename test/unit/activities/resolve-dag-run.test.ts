import { describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../../activities/create-activities.ts';
import type { DagSettings } from '../../../activities/dag-settings.ts';
import { parseDagSpec } from '../../../dag/parse-spec.ts';
import type { ResolvedDagRun } from '../../../dag/run.ts';
import { signSpec } from '../../../dag/signature.ts';
import type { DagSpec } from '../../../dag/spec.ts';
import { NO_CLUSTERS } from './no-clusters.ts';

const SPEC = parseDagSpec({
  schemaVersion: 1,
  dagId: 'orders_daily',
  schedule: '0 3 * * *',
  params: { region: 'eu' },
  tasks: [{ taskId: 'told', action: { kind: 'activity', operator: 'activityTask', activity: 'notify', input: null } }],
});
const RUN = {
  workflowId: 'dag/orders_daily-2026-11-25T03:00:00Z',
  runKey: 'first-run',
  runId: 'this-run',
  startedAt: '2026-11-25T03:00:01Z',
};
const SETTINGS: DagSettings = {
  load: async (dagId) => {
    if (dagId !== SPEC.dagId) throw new Error(`no ${dagId}`);
    return SPEC;
  },
  signingKey: () => 'key',
  activities: ['notify'],
  unsignedSpecs: false,
  historyMs: 400 * 86_400_000,
};

function resolve(input: unknown, settings: Partial<DagSettings> = {}, scheduledFor?: string): Promise<ResolvedDagRun> {
  const { resolveDagRun } = createActivities({
    open: () => {
      throw new Error('resolving asks no cluster');
    },
    settings: { limits: NO_CLUSTERS },
    dags: { ...SETTINGS, ...settings },
    poolBytes: 1,
  });
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const run = scheduledFor === undefined ? RUN : { ...RUN, scheduledFor };
  return environment.run(resolveDagRun, { input, run });
}

describe('resolveDagRun', () => {
  it('takes the DAG by its name, the interval of its schedule, and the params that are given', async () => {
    const scheduled = await resolve(
      { dag: 'orders_daily', params: { region: 'us' } },
      { home: 'b' },
      '2026-11-25T03:00:00Z',
    );
    expect(scheduled).toEqual({
      schemaVersion: 1,
      ...RUN,
      startedAt: undefined,
      spec: SPEC,
      context: {
        dagId: 'orders_daily',
        runId: RUN.workflowId,
        runType: 'scheduled',
        interval: { start: '2026-11-24T03:00:00Z', end: '2026-11-25T03:00:00Z' },
        timezone: 'UTC',
        params: { region: 'us' },
      },
      rerun: false,
      home: 'b',
    });
    expect((await resolve({ dag: 'orders_daily' })).context).toMatchObject({
      runType: 'manual',
      params: { region: 'eu' },
    });
  });

  it('runs a spec that was signed with its key, or any where the config says so', async () => {
    expect((await resolve({ spec: SPEC, signature: signSpec(SPEC, 'key') })).spec).toEqual(SPEC);
    expect((await resolve({ spec: SPEC }, { unsignedSpecs: true })).spec).toEqual(SPEC);
  });

  it('runs a spec that was signed before a field had come that has a default', async () => {
    const { maxActiveTasks: _, ...older } = SPEC;
    const signature = signSpec(older as DagSpec, 'key');
    expect((await resolve({ spec: older, signature })).spec).toEqual(SPEC);
  });

  it.each<[string, object, Partial<DagSettings>, RegExp]>([
    ['a spec of a stranger', { spec: SPEC }, {}, /spec: it comes without a signature\. Deploy it/],
    ['a signature under another key', { spec: SPEC, signature: signSpec(SPEC, 'other') }, {}, /not that of this spec/],
    [
      'an activity that is not listed',
      { dag: 'orders_daily' },
      { activities: ['mail'] },
      /tasks\.told\.activity: "notify" is not listed in dags\.activities .*\(mail\)/,
    ],
    [
      'a param it does not have',
      { dag: 'orders_daily', params: { regoin: 'x' } },
      {},
      /"regoin" is none of orders_daily \(region\); did you mean "region"/,
    ],
    ['wrong fields', { dag: 'orders_daily', rerun: 1, dagg: 2 }, {}, /2 problems/],
  ])('refuses %s', async (_what, input, settings, message) => {
    await expect(resolve(input, settings)).rejects.toMatchObject({
      type: 'SPEC_INVALID',
      nonRetryable: true,
      message: expect.stringMatching(message),
    });
  });
});
