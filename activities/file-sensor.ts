import { fileSensorInput } from '../dag/operators/file-sensor.ts';
import { checkedInput } from '../dag/operators/operator.ts';
import type { Json } from '../dag/spec.ts';
import { activity, type Shared } from './activity.ts';
import { afterLook } from './sensor.ts';

/** Looks whether a file or a folder is there. */
export function fileSensor(shared: Shared) {
  return activity('fileSensor', shared, async ({ open, signal }, raw: Json) => {
    const input = checkedInput('fileSensor', fileSensorInput, raw);
    const status = await open(input.cluster).files.status(input.path, { signal });
    const waitedSeconds = afterLook(status !== undefined, `${input.cluster}:${input.path}`, input);
    return { path: input.path, waitedSeconds };
  });
}
