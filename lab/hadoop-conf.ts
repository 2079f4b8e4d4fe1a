import { join } from 'node:path';
import { type Conf, type ConfFiles, confXml } from './conf-file.ts';
import type { Ports } from './ports.ts';

export type ClusterName = 'a' | 'b';

/** What the configuration of a cluster's servers depends on. */
export type ClusterSettings = {
  readonly cluster: ClusterName;
  readonly ports: Ports;
  /** The cluster's own data folder. */
  readonly data: string;
  /** Closing delay of files as Hadoop ships it. */
  readonly stock: boolean;
};

export function coreSite({ cluster, ports, data }: ClusterSettings): Conf {
  return {
    'fs.defaultFS': `hdfs://127.0.0.1:${ports[`${cluster}-namenode-rpc`]}`,
    'hadoop.tmp.dir': join(data, 'tmp'),
    'hadoop.http.staticuser.user': 'root',
    'hadoop.proxyuser.root.hosts': '*',
    'hadoop.proxyuser.root.groups': '*',
  };
}

export function hdfsSite({ cluster, ports, data, stock }: ClusterSettings): Conf {
  const at = (port: 'namenode-rpc' | 'namenode-http' | 'datanode-transfer' | 'datanode-http' | 'datanode-ipc') =>
    `127.0.0.1:${ports[`${cluster}-${port}`]}`;
  return {
    'dfs.namenode.name.dir': `file://${join(data, 'namenode')}`,
    'dfs.namenode.rpc-address': at('namenode-rpc'),
    'dfs.namenode.http-address': at('namenode-http'),
    'dfs.namenode.secondary.http-address': '127.0.0.1:0',
    'dfs.namenode.acls.enabled': true,
    // Out of safe mode as soon as the blocks are reported; a lost datanode is noticed in 20 s, not in ten minutes.
    'dfs.namenode.safemode.extension': 0,
    'dfs.heartbeat.interval': 1,
    'dfs.namenode.heartbeat.recheck-interval': 5000,
    'dfs.datanode.data.dir': `file://${join(data, 'datanode')}`,
    'dfs.datanode.address': at('datanode-transfer'),
    'dfs.datanode.http.address': at('datanode-http'),
    'dfs.datanode.ipc.address': at('datanode-ipc'),
    'dfs.datanode.hostname': '127.0.0.1',
    'dfs.client.use.datanode.hostname': true,
    'dfs.datanode.use.datanode.hostname': true,
    'dfs.namenode.datanode.registration.ip-hostname-check': false,
    'dfs.replication': 1,
    'dfs.client.block.write.replace-datanode-on-failure.policy': 'NEVER',
    'dfs.webhdfs.enabled': true,
    // A client that closes a file asks again after this delay when the last block is not reported yet. With the shipped
    // 400 ms a datanode that serves WebHDFS on two cores closes about ten files a second.
    ...(stock ? {} : { 'dfs.client.block.write.locateFollowingBlock.initial.delay.ms': 10 }),
  };
}

/** DistCp and other MapReduce jobs run inside the client's own process. */
export function mapredSite({ data }: ClusterSettings): Conf {
  return {
    'mapreduce.framework.name': 'local',
    'mapreduce.cluster.local.dir': join(data, 'mapred'),
    'mapreduce.jobtracker.staging.root.dir': join(data, 'staging'),
  };
}

/** All files of the configuration folder of a cluster's HDFS servers and clients. */
export function hadoopConfFiles(settings: ClusterSettings): ConfFiles {
  return {
    'core-site.xml': confXml(coreSite(settings)),
    'hdfs-site.xml': confXml(hdfsSite(settings)),
    'mapred-site.xml': confXml(mapredSite(settings)),
    'log4j.properties': LOG4J,
    ...WEBAPPS,
  };
}

const LOG4J = `log4j.rootLogger=INFO,stderr
log4j.appender.stderr=org.apache.log4j.ConsoleAppender
log4j.appender.stderr.target=System.err
log4j.appender.stderr.layout=org.apache.log4j.PatternLayout
log4j.appender.stderr.layout.ConversionPattern=%d{ISO8601} %p %c{1}: %m%n
log4j.logger.BlockStateChange=WARN
log4j.logger.org.apache.hadoop.hdfs.StateChange=WARN
log4j.logger.http.requests=WARN
`;

/** The servers refuse to start without these folders on the class path; the jars on Maven Central leave them out. */
const WEBAPPS: ConfFiles = Object.fromEntries(
  ['hdfs', 'datanode', 'secondary'].map((name) => [
    `webapps/${name}/WEB-INF/web.xml`,
    '<web-app xmlns="http://java.sun.com/xml/ns/javaee" version="3.0"></web-app>\n',
  ]),
);
