import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './lab-error.ts';
import { isExecutable, onPath } from './on-path.ts';
import { runCommand } from './run-command.ts';

/** The JDK that Hadoop 3.4 and Hive 4.0 both run on here. */
export const WANTED_JAVA = 17;

export type Java = { readonly binary: string; readonly home: string; readonly major: number };

/** Reads what `java -XshowSettings:properties -version` prints. '1.8' counts as 8. */
export function parseJavaSettings(text: string): { home: string; major: number } | undefined {
  const home = /^\s*java\.home = (.+?)\s*$/m.exec(text)?.[1];
  const version = /^\s*java\.specification\.version = (?:1\.)?(\d+)/m.exec(text)?.[1];
  return home === undefined || version === undefined ? undefined : { home, major: Number(version) };
}

/** The first wanted one, else the one clear error: none at all, or only wrong ones. */
export function chooseJava(found: readonly Java[]): Java {
  const java = found.find(({ major }) => major === WANTED_JAVA);
  if (java !== undefined) return java;
  if (found.length === 0) {
    throw new LabError(
      `No Java found. Install JDK ${WANTED_JAVA} (Debian: apt-get install openjdk-17-jdk-headless), or set JAVA_HOME.`,
    );
  }
  const seen = found.map(({ major, home }) => `Java ${major} in ${home}`).join(', ');
  throw new LabError(
    `The lab needs Java ${WANTED_JAVA}, found only ${seen}. Install JDK ${WANTED_JAVA}, or set JAVA_HOME to one.`,
  );
}

/** Looks at JAVA_HOME, then PATH, then where systems put their JDKs; stops at the first that is right. */
export async function findJava(
  env: NodeJS.ProcessEnv = process.env,
  folders: readonly string[] = JDK_FOLDERS,
): Promise<Java> {
  const candidates = [
    ...(env.JAVA_HOME ? [join(env.JAVA_HOME, 'bin', 'java')] : []),
    ...[onPath('java', env.PATH ?? '')].filter((path) => path !== undefined),
    ...folders.flatMap(installedJdks),
  ];
  const found: Java[] = [];
  for (const binary of candidates) {
    if (!isExecutable(binary)) continue;
    const { stderr } = await runCommand(binary, ['-XshowSettings:properties', '-version']);
    const settings = parseJavaSettings(stderr);
    if (settings === undefined || found.some(({ home }) => home === settings.home)) continue;
    found.push({ binary, ...settings });
    if (settings.major === WANTED_JAVA) break;
  }
  return chooseJava(found);
}

const JDK_FOLDERS = ['/usr/lib/jvm', '/Library/Java/JavaVirtualMachines'];

function installedJdks(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const homes = names.filter((name) => name.includes(String(WANTED_JAVA))).sort();
  return homes.flatMap((name) => [
    join(folder, name, 'bin', 'java'),
    join(folder, name, 'Contents', 'Home', 'bin', 'java'),
  ]);
}
