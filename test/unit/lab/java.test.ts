import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chooseJava, findJava, parseJavaSettings } from '../../../lab/java.ts';
import { LabError } from '../../../lab/lab-error.ts';

const settingsOf = (home: string, version: string) => `Property settings:
    java.class.version = 61.0
    java.home = ${home}
    java.specification.name = Java Platform API Specification
    java.specification.version = ${version}
    java.vm.specification.version = 99
openjdk version "${version}.0.15" 2025-04-15
`;

describe('parseJavaSettings', () => {
  it.each([
    ['17', 17],
    ['1.8', 8],
    ['25', 25],
  ])('version %s is %d', (version, major) => {
    expect(parseJavaSettings(settingsOf('/usr/lib/jvm/some jdk', version))).toEqual({
      home: '/usr/lib/jvm/some jdk',
      major,
    });
  });

  it.each(['', 'java: command not found', 'openjdk version "17.0.15" 2025-04-15'])('nothing in %j', (text) => {
    expect(parseJavaSettings(text)).toBeUndefined();
  });
});

describe('chooseJava', () => {
  const java = (major: number) => ({ binary: `/jdk${major}/bin/java`, home: `/jdk${major}`, major });

  it('takes the first right one', () => expect(chooseJava([java(25), java(17)])).toEqual(java(17)));
  it('says that there is none', () => expect(() => chooseJava([])).toThrow(/^No Java found\. Install JDK 17/));
  it('says which wrong ones there are', () => {
    expect(() => chooseJava([java(25), java(8)])).toThrow(
      'needs Java 17, found only Java 25 in /jdk25, Java 8 in /jdk8',
    );
    expect(() => chooseJava([java(25)])).toThrow(LabError);
  });
});

describe('findJava', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lab-java-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** A command that prints what that Java would. */
  function installJava(folder: string, version: string): string {
    const home = join(root, folder);
    mkdirSync(join(home, 'bin'), { recursive: true });
    writeFileSync(join(home, 'settings'), settingsOf(home, version));
    writeFileSync(
      join(home, 'bin', 'java'),
      `#!/bin/sh\nwhile read -r line; do echo "    $line" >&2; done < '${home}/settings'\n`,
      { mode: 0o755 },
    );
    return home;
  }

  it('JAVA_HOME comes before PATH', async () => {
    const [home, onPath] = [installJava('home', '17'), installJava('path', '17')];
    expect(await findJava({ JAVA_HOME: home, PATH: join(onPath, 'bin') }, [])).toEqual({
      binary: join(home, 'bin', 'java'),
      home,
      major: 17,
    });
  });

  it('a wrong JAVA_HOME gives way to PATH, a wrong PATH to the installed ones', async () => {
    const [wrong, right] = [installJava('wrong', '25'), installJava('jvm/java-17-x', '17')];
    installJava('jvm/java-25-x', '25');
    expect(await findJava({ JAVA_HOME: wrong, PATH: join(right, 'bin') }, [])).toMatchObject({ home: right });
    expect(await findJava({ PATH: join(wrong, 'bin') }, [join(root, 'jvm')])).toMatchObject({ home: right });
  });

  it('no Java at all', async () => {
    await expect(findJava({ JAVA_HOME: join(root, 'gone'), PATH: root }, [join(root, 'none')])).rejects.toThrow(
      'No Java found',
    );
  });
});
