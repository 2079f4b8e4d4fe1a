import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterConfig, Config } from '../../config/config.ts';

const LAB = JSON.stringify(join(__dirname, '..', '..', 'temporal.config.ts'));

/** What such a config says otherwise than the repository's own, key by key; undefined takes a key away. */
export type OverLab = Pick<Config, 'worker' | 'temporal' | 'defaults' | 'dags'> & {
  readonly clusters?: Readonly<Record<string, Partial<Record<keyof ClusterConfig, unknown>>>>;
};

/** A config file that says some things otherwise than the repository's own, and others anew while it is in use. */
export class ConfigOverLab {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ferry-config-'));
  readonly path = join(this.#folder, 'temporal.config.ts');

  constructor(over: OverLab) {
    this.write(over);
  }

  write({ worker, temporal, defaults, dags, clusters = {} }: OverLab): void {
    const changed = Object.entries(clusters).map(
      ([name, cluster]) => `${JSON.stringify(name)}: ${merged(`lab.clusters[${JSON.stringify(name)}]`, cluster)}`,
    );
    writeFileSync(
      this.path,
      `import lab from ${LAB};
export default {
  temporal: ${merged('lab.temporal', temporal)},
  worker: ${merged('lab.worker', worker)},
  defaults: ${merged('lab.defaults', defaults)},
  dags: ${merged('lab.dags', dags)},
  clusters: { ...lab.clusters, ${changed.join(', ')} },
};
`,
    );
  }

  delete(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

function merged(base: string, over: object = {}): string {
  const said = Object.entries(over).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `{ ...${base}, ${said.join(', ')} }`;
}
