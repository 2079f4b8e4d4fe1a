import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config, WorkerConfig } from '../../config/config.ts';

const LAB = JSON.stringify(join(__dirname, '..', '..', 'temporal.config.ts'));

/** A config file that says of workers and of Temporal something else than the repository's own; of workers anew while it is in use. */
export class ConfigOverLab {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ferry-config-'));
  readonly path = join(this.#folder, 'temporal.config.ts');

  readonly #temporal: string;

  constructor(worker: WorkerConfig, temporal: Config['temporal'] = {}) {
    this.#temporal = JSON.stringify(temporal);
    this.write(worker);
  }

  write(worker: WorkerConfig): void {
    const over = JSON.stringify(worker);
    writeFileSync(
      this.path,
      `import lab from ${LAB};
const temporal = { ...lab.temporal, ...${this.#temporal} };
export default { ...lab, temporal, worker: { ...lab.worker, ...${over} } };
`,
    );
  }

  delete(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
