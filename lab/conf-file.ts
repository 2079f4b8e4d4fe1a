import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Keys and values of a Hadoop or Hive configuration. */
export type Conf = Readonly<Record<string, string | number | boolean>>;

/** Hadoop's configuration format: https://hadoop.apache.org/docs/stable/api/org/apache/hadoop/conf/Configuration.html */
export function confXml(conf: Conf): string {
  const rows = Object.entries(conf).map(
    ([name, value]) =>
      `  <property><name>${escapeXml(name)}</name><value>${escapeXml(String(value))}</value></property>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<configuration>\n${rows.join('')}</configuration>\n`;
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** File name -> text. */
export type ConfFiles = Readonly<Record<string, string>>;

export function writeConfFiles(folder: string, files: ConfFiles): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
