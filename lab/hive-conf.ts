import { join } from 'node:path';
import { type Conf, type ConfFiles, confXml } from './conf-file.ts';
import { type ClusterSettings, coreSite, hdfsSite, mapredSite } from './hadoop-conf.ts';

/** Where Hive puts managed and external tables, on HDFS. */
export const WAREHOUSE = { managed: '/warehouse/managed', external: '/warehouse' } as const;

export function hiveSite({ cluster, ports, data }: ClusterSettings): Conf {
  return {
    // metastore
    'hive.metastore.uris': `thrift://127.0.0.1:${ports[`${cluster}-metastore`]}`,
    'metastore.thrift.bind.host': '127.0.0.1',
    'hive.metastore.sasl.enabled': false,
    'hive.metastore.warehouse.dir': WAREHOUSE.managed,
    'hive.metastore.warehouse.external.dir': WAREHOUSE.external,
    'javax.jdo.option.ConnectionURL': `jdbc:derby:;databaseName=${join(data, 'metastore')};create=false`,
    'javax.jdo.option.ConnectionDriverName': 'org.apache.derby.jdbc.EmbeddedDriver',
    'datanucleus.schema.autoCreateAll': false,
    'hive.metastore.schema.verification': true,
    'hive.metastore.event.db.notification.api.auth': false,
    'metastore.housekeeping.threads.on': false,
    // HiveServer2
    'hive.server2.thrift.bind.host': '127.0.0.1',
    'hive.server2.thrift.port': ports[`${cluster}-hiveserver2`],
    'hive.server2.webui.port': 0,
    'hive.server2.authentication': 'NOSASL',
    'hive.server2.enable.doAs': false,
    'hive.server2.thrift.min.worker.threads': 2,
    'hive.server2.materializedviews.registry.impl': 'DUMMY',
    'hive.server2.tez.initialize.default.sessions': false,
    'hive.security.authorization.enabled': false,
    // Queries run in HiveServer2's own process: Tez without YARN.
    'hive.execution.engine': 'tez',
    'tez.local.mode': true,
    'tez.local.mode.without.network': true,
    'tez.ignore.lib.uris': true,
    'tez.runtime.optimize.local.fetch': true,
    'tez.runtime.io.sort.mb': 32,
    'tez.task.resource.memory.mb': 256,
    'tez.am.resource.memory.mb': 256,
    'hive.tez.container.size': 512,
    'hive.vectorized.execution.enabled': false,
    'hive.exec.dynamic.partition.mode': 'nonstrict',
    // No transactions, locks, compaction or statistics of its own accord.
    'hive.support.concurrency': false,
    'hive.txn.manager': 'org.apache.hadoop.hive.ql.lockmgr.DummyTxnManager',
    'hive.compactor.initiator.on': false,
    'hive.compactor.cleaner.on': false,
    'hive.stats.autogather': false,
    // Everything it writes for itself stays in the lab's folder.
    'hive.exec.scratchdir': '/tmp/hive',
    'hive.exec.local.scratchdir': join(data, 'hive', 'scratch'),
    'hive.downloaded.resources.dir': join(data, 'hive', 'resources'),
    'hive.querylog.location': join(data, 'hive', 'querylog'),
    'hive.server2.logging.operation.log.location': join(data, 'hive', 'operations'),
  };
}

/** All files of the configuration folder of a cluster's metastore and HiveServer2. */
export function hiveConfFiles(settings: ClusterSettings): ConfFiles {
  // Hive is a client of HDFS here; `stock` is about servers that are measured, and Hive is not.
  const client = { ...settings, stock: false };
  return {
    'core-site.xml': confXml(coreSite(client)),
    'hdfs-site.xml': confXml(hdfsSite(client)),
    'mapred-site.xml': confXml(mapredSite(client)),
    'hive-site.xml': confXml(hiveSite(settings)),
    'hive-log4j2.properties': LOG4J2,
    'metastore-log4j2.properties': LOG4J2,
    'log4j2.properties': LOG4J2,
  };
}

const LOG4J2 = `status = WARN
name = HiveLog4j2
appenders = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %5p [%t] %c{2}: %m%n
rootLogger.level = INFO
rootLogger.appenderRefs = root
rootLogger.appenderRef.root.ref = console
`;
