import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultyCluster } from '../../lab/faulty-cluster.ts';
import { readLabState } from '../../lab/state.ts';
import { labCluster } from './lab-metastore.ts';

/** The running lab with a proxy before every server of both clusters. */
export class FaultyLab {
  readonly a: FaultyCluster;
  readonly b: FaultyCluster;
  /** For HIVE_FERRY_LAB: the repository's temporal.config.ts then takes the proxies for the clusters. */
  readonly folder: string;

  private constructor(a: FaultyCluster, b: FaultyCluster) {
    this.a = a;
    this.b = b;
    this.folder = mkdtempSync(join(tmpdir(), 'ferry-faults-'));
    const clusters = { a: a.addresses, b: b.addresses };
    writeFileSync(join(this.folder, 'state.json'), JSON.stringify({ ...readLabState(), clusters }));
  }

  static async start(): Promise<FaultyLab> {
    return new FaultyLab(await FaultyCluster.start(labCluster('a')), await FaultyCluster.start(labCluster('b')));
  }

  /** Takes every fault out and forgets the calls. */
  reset(): void {
    this.a.reset();
    this.b.reset();
  }

  async close(): Promise<void> {
    await Promise.all([this.a.close(), this.b.close()]);
    rmSync(this.folder, { recursive: true });
  }
}
