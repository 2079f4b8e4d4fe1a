import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import { withHive } from '../../lab/hive-session.ts';
import { LAB_FOLDER } from '../../lab/state.ts';
import { gateId } from '../../workflows/dag-messages.ts';
import { labFiles } from '../lab/lab-tables.ts';
import { labTemporal } from '../lab/lab-temporal.ts';
import { runIn, succeedIn } from './run-in.ts';

jest.setTimeout(180_000);

const ROOT = join(__dirname, '..', '..');
const LAB = { HIVE_FERRY_LAB: LAB_FOLDER };

/** An earlier run of this test leaves the gate of its DAG, with the workflows of then. */
async function endGate(dagId: string): Promise<void> {
  const { client, close } = await labTemporal();
  try {
    await client.workflow.getHandle(gateId(dagId)).terminate('test reset');
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  await close();
}

let folder: string;
/** The packed package, unpacked. */
let unpacked: string;
/** A project of somebody else's that has it installed. */
let outsider: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-package-'));
  await succeedIn(ROOT, 'npm', ['pack', '--pack-destination', folder]);
  const [tarball = ''] = readdirSync(folder);
  await succeedIn(folder, 'tar', ['xzf', tarball]);
  unpacked = join(folder, 'package');
  outsider = join(folder, 'outsider');
  cpSync(join(__dirname, 'outsider'), outsider, { recursive: true });
  await succeedIn(outsider, 'npm', ['install', '--no-audit', '--no-fund', join(folder, tarball)]);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the packed package', () => {
  const files = (below = '.'): readonly string[] =>
    readdirSync(join(unpacked, below), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(unpacked.length + 1));

  it('holds the compiled sources and what a reader needs, nothing else', () => {
    expect(
      files()
        .filter((file) => !file.startsWith('dist/'))
        .sort(),
    ).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
      'schema/dag-spec.schema.json',
      'schema/outcome.schema.json',
      'schema/plan.schema.json',
      'schema/sync-spec.schema.json',
    ]);
    expect(files('dist').filter((file) => /\.(test|spec)\.|(?<!\.d)\.ts$/.test(file))).toEqual([]);
    const rooms = readdirSync(join(unpacked, 'dist'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rooms.map(({ name }) => name).filter((name) => ['test', 'lab', 'examples', 'run'].includes(name))).toEqual(
      [],
    );
  });

  it('has its sources in its source maps', () => {
    const maps = files('dist').filter((file) => file.endsWith('.map'));
    const pointing = maps.filter((file) => {
      const { sources, sourcesContent } = JSON.parse(readFileSync(join(unpacked, file), 'utf8'));
      return sourcesContent?.length !== sources.length;
    });
    expect(maps.length).toBeGreaterThan(50);
    expect(pointing).toEqual([]);
  });

  it('has the licence of the copy of npm webhdfs that is in it', () => {
    const copy = join(unpacked, 'dist', 'storage', 'webhdfs', 'npm-webhdfs');
    expect(readFileSync(join(copy, 'LICENSE'), 'utf8')).toContain('MIT');
    const { version } = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'));
    expect(version).toBe(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).devDependencies.webhdfs);
  });
});

describe('a project that installs it', () => {
  type Installed = Readonly<Record<string, { readonly version: string; readonly name?: string }>>;
  /** Every installed package, by its folder below the project. */
  const installed = (): Installed =>
    JSON.parse(readFileSync(join(outsider, 'node_modules', '.package-lock.json'), 'utf8')).packages;
  const copiesOf = (name: string) => Object.keys(installed()).filter((path) => path.endsWith(`node_modules/${name}`));

  it('has a tree that npm finds whole', async () => {
    await succeedIn(outsider, 'npm', ['ls', '--all']);
  });

  it('gets no deprecated HTTP client', () => {
    const old = ['har-validator', 'webhdfs', 'request-promise'].flatMap(copiesOf);
    expect(old).toEqual([]);
    expect(copiesOf('request').map((path) => installed()[path]?.name)).toEqual(['@cypress/request']);
    expect(copiesOf('uuid').filter((path) => Number.parseInt(installed()[path]?.version ?? '', 10) < 11)).toEqual([]);
  });

  it('has one copy of each package of Temporal, and one protobufjs for all of them', () => {
    const temporal = Object.keys(installed()).filter((path) => path.includes('node_modules/@temporalio/'));
    expect(temporal.length).toBeGreaterThan(8);
    expect(temporal.filter((path) => path.lastIndexOf('node_modules/') > 0)).toEqual([]);
    const users = ['client', 'common', 'proto', 'worker', 'workflow'];
    const used = users.map((name) =>
      createRequire(join(outsider, 'node_modules', '@temporalio', name, 'package.json')).resolve('protobufjs'),
    );
    expect(new Set(used).size).toBe(1);
  });

  it('has a ferry that tells its version and its commands', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(await succeedIn(outsider, 'npx', ['ferry', '--version'])).toBe(`${version}\n`);
    expect(await succeedIn(outsider, 'npx', ['ferry', '--help'])).toMatch(
      /^Usage: ferry[\s\S]*\n {2}sync[\s\S]*\n {2}worker/,
    );
  });

  it('loads its temporal.config.ts without a build', async () => {
    const ran = await runIn(
      outsider,
      'npx',
      ['ferry', 'plan', 'ref.countries', '--source', 'b', '--target', 'a', '--json'],
      LAB,
    );
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toContain('access: \\"read\\"');
  });

  it('type-checks what it uses of the three doors, strictly', async () => {
    await succeedIn(outsider, 'npx', ['tsc', '-p', '.']);
  });

  it('finds no mistake in the types themselves', async () => {
    const args = ['tsc', '-p', '.', '--noEmit', '--skipLibCheck', 'false', '--listFiles'];
    const lines = (await runIn(outsider, 'npx', args)).stdout.split('\n');
    // The SDK's own types have mistakes, so that the exit code tells nothing.
    const ours = lines.filter((line) => line.includes('node_modules/hive-ferry/'));
    expect(ours.filter((line) => /dist\/(index|workers\/index|workflows\/index)\.d\.ts$/.test(line))).toHaveLength(3);
    expect(ours.filter((line) => line.includes('error TS'))).toEqual([]);
  });

  it('runs syncTable, and a workflow, an activity and a DAG of its own, in a worker of its own', async () => {
    await withHive('b', (query) => query('DROP DATABASE IF EXISTS ferry_outsider CASCADE'));
    const b = labFiles('b');
    await b.delete('/warehouse/ferry_outsider.db');
    await b.delete('/user/root/hive-ferry/runs/outsider_countries');
    await b.close();
    await endGate('outsider_countries');
    const { exitCode, stdout, stderr } = await runIn(outsider, 'node', ['built/worker.js'], LAB);
    expect({ exitCode, stdout, stderr }).toMatchObject({
      exitCode: 0,
      stdout: expect.any(String),
      // With warnings, of source maps for one, it says so here.
      stderr: expect.stringMatching(/webpack .* compiled successfully/),
    });
    expect(JSON.parse(stdout)).toEqual({
      greeting: 'good evening, ref.countries',
      outcome: 'complete',
      dag: { outcome: 'success', tasks: { success: 2 } },
      greetings: ['good evening, ref.countries', 'good evening, countries of 2026-11-01'],
    });
  });

  it('may be CommonJS', async () => {
    const stdout = await succeedIn(join(outsider, 'commonjs'), 'node', ['main.js'], LAB);
    expect(JSON.parse(stdout)).toEqual({
      plugin: 'hive-ferry',
      doors: ['function', 'function', 'function'],
      workflows: [true, true],
    });
  });
});
