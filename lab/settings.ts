import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Ports } from './ports.ts';
import { LAB_FOLDER } from './state.ts';

/** What is chosen once and remembered, so that a server comes back as it was. */
export type LabSettings = {
  readonly ports: Ports;
  /** Datanodes with the closing delay that Hadoop ships. */
  readonly stock: boolean;
};

const FILE = join(LAB_FOLDER, 'settings.json');

/** undefined: this lab was never up, or its settings cannot be read. */
export function readSettings(): LabSettings | undefined {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as LabSettings;
  } catch {
    return undefined;
  }
}

export function writeSettings(settings: LabSettings): void {
  writeWhole(FILE, `${JSON.stringify(settings, null, 2)}\n`);
}

/** Writes a file so that whoever reads it sees the old text or the new one. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, text);
  renameSync(aside, file);
}
