import { FaultProxy } from './fault-proxy.ts';
import type { LabCluster } from './state.ts';
import { ThriftFaultProxy } from './thrift-fault-proxy.ts';

/** A cluster of the lab whose every server stands behind a proxy, so that calls can be met with faults. */
export class FaultyCluster {
  readonly namenode: FaultProxy;
  readonly datanode: FaultProxy;
  readonly metastore: ThriftFaultProxy;
  readonly hiveserver2: ThriftFaultProxy;
  readonly #behind: LabCluster;

  private constructor(
    behind: LabCluster,
    hdfs: { readonly namenode: FaultProxy; readonly datanode: FaultProxy },
    hive: { readonly metastore: ThriftFaultProxy; readonly hiveserver2: ThriftFaultProxy },
  ) {
    this.#behind = behind;
    this.namenode = hdfs.namenode;
    this.datanode = hdfs.datanode;
    this.metastore = hive.metastore;
    this.hiveserver2 = hive.hiveserver2;
  }

  static async start(behind: LabCluster): Promise<FaultyCluster> {
    const datanode = await FaultProxy.start({ upstream: behind.datanode });
    // A lab cluster has one datanode, so that every redirect leads to it.
    const redirect = (location: string) => {
      const { pathname, search } = new URL(location);
      return `${datanode.url}${pathname}${search}`;
    };
    const namenode = await FaultProxy.start({ upstream: behind.webhdfs, redirect });
    const { hostname, port } = new URL(behind.metastore);
    const metastore = await ThriftFaultProxy.start({ host: hostname, port: Number(port) });
    const hiveserver2 = await ThriftFaultProxy.start(behind.hiveserver2);
    return new FaultyCluster(behind, { namenode, datanode }, { metastore, hiveserver2 });
  }

  /** The cluster as its clients are to see it: with the proxies' addresses. */
  get addresses(): LabCluster {
    return {
      ...this.#behind,
      webhdfs: this.namenode.url,
      datanode: this.datanode.url,
      metastore: `thrift://127.0.0.1:${this.metastore.port.port}`,
      hiveserver2: { host: '127.0.0.1', port: this.hiveserver2.port.port },
    };
  }

  /** Takes every fault out and forgets the calls. */
  reset(): void {
    for (const proxy of this.#proxies()) proxy.reset();
  }

  async close(): Promise<void> {
    await Promise.all(this.#proxies().map((proxy) => proxy.close()));
  }

  #proxies(): readonly (FaultProxy | ThriftFaultProxy)[] {
    return [this.namenode, this.datanode, this.metastore, this.hiveserver2];
  }
}
