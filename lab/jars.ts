import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Java } from './java.ts';
import { LabError } from './lab-error.ts';
import { onPath } from './on-path.ts';
import { type Progress, whileTelling } from './progress.ts';
import { runCommand } from './run-command.ts';
import { LAB_FOLDER } from './state.ts';

export type Jars = {
  /** Class path of HDFS's servers and of Hadoop's clients. */
  readonly hadoop: string;
  /** Class path of Hive's servers and of Derby's tools. */
  readonly hive: string;
  /** The SQL script that makes an empty metastore in Derby. */
  readonly schema: string;
  /** The folder that all of this lies in, named by the hash of the poms. */
  readonly folder: string;
};

const POMS = ['pom.xml', 'hadoop/pom.xml', 'hive/pom.xml'].map((name) => join(import.meta.dirname, name));
const SCHEMA = 'schema/apache-hive-metastore-4.0.1-bin/scripts/metastore/upgrade/derby/hive-schema-4.0.0.derby.sql';

/** The jars of the poms beside this file: computed and fetched by Maven once, then kept until a pom changes or a jar is gone. */
export async function findJars(java: Java, progress: Progress): Promise<Jars> {
  const hash = createHash('sha256');
  for (const pom of POMS) hash.update(readFileSync(pom));
  const folder = join(LAB_FOLDER, 'jars', hash.digest('hex').slice(0, 12));
  return readJars(folder) ?? (await fetchJars(folder, java, progress));
}

function readJars(folder: string): Jars | undefined {
  const schema = join(folder, SCHEMA);
  if (!existsSync(schema)) return undefined;
  const hadoop = readFileSync(join(folder, 'hadoop.classpath'), 'utf8').trim();
  const hive = readFileSync(join(folder, 'hive.classpath'), 'utf8').trim();
  const whole = `${hadoop}${delimiter}${hive}`.split(delimiter).every((jar) => existsSync(jar));
  return whole ? { hadoop, hive, schema, folder } : undefined;
}

async function fetchJars(folder: string, java: Java, progress: Progress): Promise<Jars> {
  const maven = onPath('mvn');
  if (maven === undefined) {
    throw new LabError(
      'No Maven found; the lab fetches the jars of Hadoop and Hive by it. Install it (Debian: apt-get install maven).',
    );
  }
  progress('fetching the jars of Hadoop and Hive by Maven (about 0.5 GB the first time)');
  const work = `${folder}.fetching-${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const args = ['-B', '-ntp', '-T', '2', '-f', POMS[0] ?? '', 'generate-resources', `-Dlab.jars=${work}`];
  const env = { ...process.env, JAVA_HOME: java.home };
  const result = await whileTelling(progress, 'Maven is at work', runCommand(maven, args, { env }));
  const log = join(LAB_FOLDER, 'logs', 'maven.log');
  mkdirSync(join(LAB_FOLDER, 'logs'), { recursive: true });
  writeFileSync(log, result.stdout + result.stderr);
  if (result.exitCode !== 0) {
    const said = result.stdout.split('\n').filter((line) => line.startsWith('[ERROR]') && line.length > 10);
    throw new LabError(
      `Maven could not fetch the jars (whole log: ${log}):\n${said.slice(0, 6).join('\n') || result.stderr.trim()}`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(work, folder);
  const jars = readJars(folder);
  if (jars === undefined) throw new LabError(`Maven ended without an error, but left no class path (log: ${log}).`);
  progress('jars are there');
  return jars;
}
