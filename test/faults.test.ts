import { describe, expect, it } from '@jest/globals';
import { readFile, typeScriptFiles } from './layers/imports.ts';

/** The numbers of docs/faults.md, in its order. */
function numbers(): number[] {
  return [...readFile('docs/faults.md').matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
}

/** The numbers that stand at the start of a test's title, each with the files that have one: 'case 5, 26: ...'. */
function titled(): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const file of typeScriptFiles().filter((path) => path.startsWith('test/')))
    for (const [, list = ''] of readFile(file).matchAll(/['`"]case (\d+(?:, \d+)*): /g))
      for (const number of list.split(', ').map(Number)) found.set(number, [...(found.get(number) ?? []), file]);
  return found;
}

describe('docs/faults.md', () => {
  it('counts from 1', () => {
    expect(numbers()).toEqual(Array.from({ length: 54 }, (_, place) => place + 1));
  });

  it('names no fault that no test rules out', () => {
    const held = titled();
    expect(numbers().filter((number) => !held.has(number))).toEqual([]);
  });

  it('has every fault that a test names', () => {
    const known = new Set(numbers());
    expect([...titled()].filter(([number]) => !known.has(number))).toEqual([]);
  });
});
