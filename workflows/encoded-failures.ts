import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Failures whose message and stack travel as payloads too, for runs whose payloads a codec encodes: messages name tables,
 * paths and partitions. The SDK loads it by its path, into the worker and into the sandbox of workflows.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
