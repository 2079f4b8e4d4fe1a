import { z } from 'zod';
import { plain } from '../json.ts';
import { clusterField, type Operation, type Operator, sensorFields } from './operator.ts';

export type FileSensorOptions = {
  readonly cluster: string;
  /** An absolute path on the HDFS of the cluster: '/data/orders/dt={{ ds }}/_SUCCESS'. */
  readonly path: string;
  /** How often it looks. Default '1m'. */
  readonly every?: string;
  /** How long it waits before the task fails. Default '7d'. */
  readonly timeout?: string;
};

/** Waits until a file or a folder is there. Its XCom is {path, waitedSeconds}. */
export function fileSensor(options: FileSensorOptions): Operation {
  return { action: { kind: 'activity', operator: 'fileSensor', activity: 'fileSensor', input: plain(options) } };
}

export const fileSensorInput = z
  .strictObject({
    cluster: clusterField,
    path: z
      .string()
      .regex(/^(\/(?!\.{1,2}(\/|$))[^/]+)+$/)
      .describe('an absolute path without "." and "..", such as "/data/orders/dt=2026-01-01/_SUCCESS"'),
    ...sensorFields,
  })
  .describe('an object such as {"cluster": "a", "path": "/data/orders/dt={{ ds }}/_SUCCESS"}');

export const FILE_SENSOR: Operator = { kind: 'activity', activity: 'fileSensor', input: fileSensorInput, hiveql: [] };
