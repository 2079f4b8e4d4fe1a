import { type DataConverter, noopMetricMeter } from '@temporalio/common';
import { SimplePlugin } from '@temporalio/plugin';
import { Runtime, type Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../activities/create-activities.ts';
import type { DagSettings } from '../activities/dag-settings.ts';
import { beatingWhileWaiting } from '../activities/heart.ts';
import { Metrics } from '../activities/metrics.ts';
import { recallSuccesses } from '../activities/recall-successes.ts';
import { Budgets, type Limits } from '../config/budgets.ts';
import { type LoadOptions, loadConfig } from '../config/load-config.ts';
import { loadDag } from '../config/load-dags.ts';
import { type OpenClusters, openClusters } from '../config/open-cluster.ts';
import { type ConfiguredCodec, configuredCodec } from '../config/payload-codec.ts';
import { type ResolvedConfig, specLimits } from '../config/resolved.ts';
import { readSecret } from '../config/secret.ts';
import { parseDagSpec } from '../dag/parse-spec.ts';
import { encodedFailuresPath } from './bundle.ts';

/**
 * The SDK sends heartbeats, and learns of a cancellation from their answers, at most this often. Its default is 80 % of
 * the heartbeat timeout, and cancelling takes as long.
 */
const HEARTBEAT_THROTTLE = '1s';

/**
 * Adds the activities of hive-ferry to any worker; its workflows are added by exporting 'hive-ferry/workflows' from the
 * worker's own workflow module. Touches neither that module nor the Runtime, to whose metrics it adds its own. One plugin
 * a process: the workers that it is given to share its memory pool, its bandwidth and its connections, which end with the
 * last of them.
 */
export class HiveFerryPlugin extends SimplePlugin {
  readonly #config: ResolvedConfig;
  readonly #clusters: OpenClusters;
  readonly #budgets: Budgets;
  readonly #metrics: Metrics;
  readonly #codec: ConfiguredCodec | undefined;
  #isReady: boolean;
  #running = 0;
  #recalling = new AbortController();

  constructor({ config }: { readonly config: ResolvedConfig }) {
    const budgets = new Budgets(config.worker);
    const clusters = openClusters(config, (cluster) => beatingWhileWaiting(budgets.callsTo(cluster)));
    const metrics = new Metrics();
    const ours = activitiesOf(config, clusters, budgets, metrics);
    const codec = configuredCodec(config);
    super({
      name: 'hive-ferry',
      activities: (theirs) => withActivities(theirs ?? {}, ours),
      ...(codec === undefined ? {} : { dataConverter: (theirs) => withCodec(theirs ?? {}, codec) }),
    });
    this.#config = config;
    this.#clusters = clusters;
    this.#budgets = budgets;
    this.#metrics = metrics;
    this.#codec = codec;
    this.#isReady = codec === undefined;
  }

  /** Loads the codec of the config, as the first run of a worker does. Rejects with CONFIG_INVALID when it is of no use. */
  async ready(): Promise<void> {
    await this.#codec?.ready();
    this.#isReady = true;
  }

  /** Other limits from now on (worker.bandwidth and worker.namenodeCalls of another config), for what is under way too. */
  setLimits(limits: Limits): void {
    this.#budgets.setLimits(limits);
  }

  /** The plugin with the temporal.config.ts of the current folder or one above it, or with the one that is named. */
  static async load(options: LoadOptions = {}): Promise<HiveFerryPlugin> {
    const { config } = await loadConfig(options);
    return new HiveFerryPlugin({ config });
  }

  override configureWorker(options: WorkerOptions): WorkerOptions {
    const { maxHeartbeatThrottleInterval = HEARTBEAT_THROTTLE } = options;
    return { ...super.configureWorker(options), maxHeartbeatThrottleInterval };
  }

  override async runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    // Without waiting where there is nothing to wait for: a worker may be told to stop right after run().
    if (!this.#isReady) await this.ready();
    this.#running += 1;
    if (this.#running === 1) this.#recalling = this.#startMetrics();
    try {
      await super.runWorker(worker, next);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) await this.#end();
    }
  }

  /** Where the Runtime of the process has metrics at all; what it returns ends the reading of records. */
  #startMetrics(): AbortController {
    const recalling = new AbortController();
    const { metricMeter } = Runtime.instance();
    if (metricMeter === noopMetricMeter) return recalling;
    this.#metrics.start(metricMeter, this.#config.worker.poolBytes);
    const targets = Object.values(this.#config.clusters).filter(({ access }) => access === 'write');
    const names = targets.map(({ name }) => name);
    void recallSuccesses(this.#metrics, this.#clusters.open, names, recalling.signal);
    return recalling;
  }

  async #end(): Promise<void> {
    this.#recalling.abort();
    this.#metrics.stop();
    await this.#clusters.close();
  }
}

function activitiesOf(
  config: ResolvedConfig,
  { open }: OpenClusters,
  { bandwidth }: Budgets,
  metrics: Metrics,
): object {
  const { copyQueue, ui } = config.temporal;
  const { poolBytes } = config.worker;
  return createActivities({
    open,
    settings: {
      limits: specLimits(config),
      ...(copyQueue === undefined ? {} : { copyQueue }),
      ...(ui === undefined ? {} : { ui }),
    },
    dags: dagSettings(config),
    poolBytes,
    bandwidth,
    metrics,
  });
}

function dagSettings({ dags }: ResolvedConfig): DagSettings {
  const { folder, signingKey, ...settings } = dags;
  return {
    ...settings,
    load: (dagId) => loadDag(dagId, folder, (candidate) => parseDagSpec(candidate)),
    ...(signingKey === undefined ? {} : { signingKey: () => readSecret('dags.signingKey', signingKey) }),
  };
}

/** What a client is given too. A codec passes a payload once: two places that name one are a mistake. */
function withCodec(theirs: DataConverter, codec: ConfiguredCodec): DataConverter {
  if (theirs.payloadCodecs !== undefined && theirs.payloadCodecs.length > 0) {
    throw new TypeError(
      'There are payloadCodecs here, and temporal.codec in temporal.config.ts. Name them in one of the two: all of them in temporal.codec, so that ferry can read what the worker writes.',
    );
  }
  return { failureConverterPath: encodedFailuresPath(), ...theirs, payloadCodecs: [codec] };
}

/** Activity names are one flat space on a worker; the SDK would let one of two take the place of the other. */
function withActivities(theirs: object, ours: object): object {
  const clashes = Object.keys(ours).filter((name) => Object.hasOwn(theirs, name));
  if (clashes.length > 0) {
    throw new TypeError(
      `This worker has activities of its own that are named as those of hive-ferry: ${clashes.join(', ')}. Rename them, or run hive-ferry on a worker of its own.`,
    );
  }
  return { ...theirs, ...ours };
}
