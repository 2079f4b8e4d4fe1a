import { createInterface } from 'node:readline';
import { Interrupted } from './interrupt.ts';
import type { Io } from './io.ts';

/** Whether somebody is there who can be asked: both what is asked and the answer need a terminal. */
export function canConfirm({ err }: Pick<Io, 'err'>): boolean {
  return process.stdin.isTTY === true && err.isTty;
}

/** Asks on the terminal; anything but yes is no. Ctrl-C throws Interrupted. */
export async function confirm(question: string, { err }: Pick<Io, 'err'>): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: err.stream });
  try {
    const answer = await new Promise<string>((answered, reject) => {
      lines.once('SIGINT', () => reject(new Interrupted()));
      lines.once('close', () => answered(''));
      lines.question(`${question} [y/N] `, answered);
    });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
