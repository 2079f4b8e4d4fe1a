import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
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

const pomOf = (name: string): string => join(import.meta.dirname, name);
const POMS = [pomOf('pom.xml'), pomOf('hadoop/pom.xml'), pomOf('hive/pom.xml')] as const;
const MAVEN_LOG = join(LAB_FOLDER, 'logs', 'maven.log');
const SCHEMA = 'schema/apache-hive-metastore-4.0.1-bin/scripts/metastore/upgrade/derby/hive-schema-4.0.0.derby.sql';

/** The jars of the poms beside this file: computed and fetched by Maven once, then kept until a pom changes or a jar is gone. */
export async function findJars(java: Java, progress: Progress): Promise<Jars> {
  const folder = folderOf(POMS);
  const kept = readJars(folder);
  if (kept !== undefined) return kept;
  await fetchJars(
    POMS[0],
    folder,
    'the jars of Hadoop and Hive by Maven (about 0.5 GB the first time)',
    java,
    progress,
  );
  const jars = readJars(folder);
  if (jars === undefined)
    throw new LabError(`Maven ended without an error, but left no class path (log: ${MAVEN_LOG}).`);
  return jars;
}

/** The class path of HttpFS, found like the jars of the lab's servers, by the first who asks for it. */
export async function findHttpFsJars(java: Java, progress: Progress): Promise<string> {
  const pom = pomOf('httpfs/pom.xml');
  const folder = folderOf([POMS[0], pom]);
  const classPath = () => readClassPath(join(folder, 'httpfs.classpath'));
  if (classPath() === undefined) await fetchJars(pom, folder, 'the jars of HttpFS by Maven', java, progress);
  const found = classPath();
  if (found === undefined)
    throw new LabError(`Maven ended without an error, but left no class path (log: ${MAVEN_LOG}).`);
  return found;
}

function folderOf(poms: readonly string[]): string {
  const hash = createHash('sha256');
  for (const pom of poms) hash.update(readFileSync(pom));
  return join(LAB_FOLDER, 'jars', hash.digest('hex').slice(0, 12));
}

/** undefined: it is not there, or a jar of it is gone. */
function readClassPath(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const classPath = readFileSync(file, 'utf8').trim();
  return classPath.split(delimiter).every((jar) => existsSync(jar)) ? classPath : undefined;
}

function readJars(folder: string): Jars | undefined {
  const schema = join(folder, SCHEMA);
  if (!existsSync(schema)) return undefined;
  const hadoop = readClassPath(join(folder, 'hadoop.classpath'));
  const hive = readClassPath(join(folder, 'hive.classpath'));
  return hadoop === undefined || hive === undefined ? undefined : { hadoop, hive, schema, folder };
}

/** Has Maven write the class paths of a pom into a folder, which appears whole. */
async function fetchJars(pom: string, folder: string, what: string, java: Java, progress: Progress): Promise<void> {
  const maven = onPath('mvn');
  if (maven === undefined) {
    throw new LabError(
      'No Maven found; the lab fetches the jars of Hadoop and Hive by it. Install it (Debian: apt-get install maven).',
    );
  }
  progress(`fetching ${what}`);
  const work = `${folder}.fetching-${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const args = ['-B', '-ntp', '-T', '2', '-f', pom, 'generate-resources', `-Dlab.jars=${work}`];
  const env = { ...process.env, JAVA_HOME: java.home };
  const result = await whileTelling(progress, 'Maven is at work', runCommand(maven, args, { env }));
  mkdirSync(dirname(MAVEN_LOG), { recursive: true });
  writeFileSync(MAVEN_LOG, result.stdout + result.stderr);
  if (result.exitCode !== 0) {
    const said = result.stdout.split('\n').filter((line) => line.startsWith('[ERROR]') && line.length > 10);
    throw new LabError(
      `Maven could not fetch the jars (whole log: ${MAVEN_LOG}):\n${said.slice(0, 6).join('\n') || result.stderr.trim()}`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(work, folder);
  progress('jars are there');
}
