import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkerConfig } from '../../config/config.ts';

const LAB = JSON.stringify(join(__dirname, '..', '..', 'temporal.config.ts'));

/** A config file that says of workers something else than the repository's own, and can be written anew while it is in use. */
export class ConfigOverLab {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ferry-config-'));
  readonly path = join(this.#folder, 'temporal.config.ts');

  constructor(worker: WorkerConfig) {
    this.write(worker);
  }

  write(worker: WorkerConfig): void {
    const over = JSON.stringify(worker);
    writeFileSync(
      this.path,
      `import lab from ${LAB};\nexport default { ...lab, worker: { ...lab.worker, ...${over} } };\n`,
    );
  }

  delete(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
