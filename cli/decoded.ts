import { type Client, defaultPayloadConverter, type WorkflowExecutionDescription } from '@temporalio/client';
import { defaultFailureConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import type { HistoryEvents } from './run-history.ts';

export type Codecs = readonly PayloadCodec[];
type Raw = WorkflowExecutionDescription['raw'];
type Failure = NonNullable<NonNullable<Raw['pendingActivities']>[number]['lastFailure']>;

/** What the client decodes results and arguments by; descriptions and histories it leaves as the server has them. */
export function codecsOf({ options }: Pick<Client, 'options'>): Codecs {
  return options.loadedDataConverter.payloadCodecs;
}

/** The description with what its pending activities last said, and last failed with, as their workers wrote it. */
export async function decodedDescription<T extends { readonly raw: Raw }>(description: T, codecs: Codecs): Promise<T> {
  if (codecs.length === 0) return description;
  const pendingActivities = await Promise.all(
    (description.raw.pendingActivities ?? []).map(async ({ heartbeatDetails, lastFailure, ...activity }) => ({
      ...activity,
      ...(heartbeatDetails ? { heartbeatDetails: await decodedPayloads(heartbeatDetails, codecs) } : {}),
      ...(lastFailure ? { lastFailure: await decodedFailure(lastFailure, codecs) } : {}),
    })),
  );
  return { ...description, raw: { ...description.raw, pendingActivities } };
}

/** The history with the results of its activities as their workers wrote them. */
export async function decodedEvents(events: HistoryEvents, codecs: Codecs): Promise<HistoryEvents> {
  if (codecs.length === 0) return events;
  return Promise.all(
    events.map(async (event) => {
      const { activityTaskCompletedEventAttributes: completed } = event;
      if (!completed?.result) return event;
      const result = await decodedPayloads(completed.result, codecs);
      return { ...event, activityTaskCompletedEventAttributes: { ...completed, result } };
    }),
  );
}

/** The fields of a memo that can be read; what was written with another codec is left out. */
export async function decodedMemo(
  fields: Readonly<Record<string, Payload>>,
  codecs: Codecs,
): Promise<Readonly<Record<string, unknown>>> {
  const read: [string, unknown][] = [];
  for (const [name, payload] of Object.entries(fields)) {
    try {
      const { payloads } = await decodedPayloads({ payloads: [payload] }, codecs);
      for (const decoded of payloads) read.push([name, defaultPayloadConverter.fromPayload(decoded)]);
    } catch {
      // Codecs and converters say each in their own way that a payload is not theirs.
    }
  }
  return Object.fromEntries(read);
}

type Payloads = { readonly payloads?: Payload[] | null };

async function decodedPayloads({ payloads }: Payloads, codecs: Codecs): Promise<{ payloads: Payload[] }> {
  let decoded = payloads ?? [];
  for (const codec of [...codecs].reverse()) decoded = await codec.decode(decoded);
  return { payloads: decoded };
}

async function decodedFailure(failure: Failure, codecs: Codecs): Promise<Failure> {
  const { encodedAttributes } = failure;
  if (!encodedAttributes) return failure;
  const { payloads } = await decodedPayloads({ payloads: [encodedAttributes] }, codecs);
  const { message } = defaultFailureConverter.failureToError(
    { ...failure, encodedAttributes: payloads[0] },
    defaultPayloadConverter,
  );
  return { ...failure, message };
}
