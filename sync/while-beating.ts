import type { Reader } from './engine.ts';

const BEAT_MS = 10_000;

/** Waits for something that a server may take long for without a word, within a deadline of its own: a statement, a checksum. */
export async function whileBeating<T>(reader: Pick<Reader, 'heartbeat'>, work: Promise<T>): Promise<T> {
  const beat = setInterval(() => reader.heartbeat(), BEAT_MS);
  try {
    return await work;
  } finally {
    clearInterval(beat);
  }
}
