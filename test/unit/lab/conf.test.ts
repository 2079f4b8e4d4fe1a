import { describe, expect, it } from '@jest/globals';
import { confXml } from '../../../lab/conf-file.ts';
import { coreSite, hadoopConfFiles, hdfsSite } from '../../../lab/hadoop-conf.ts';
import { hiveConfFiles, hiveSite } from '../../../lab/hive-conf.ts';
import { choosePorts } from '../../../lab/ports.ts';

const CLOSING_DELAY = 'dfs.client.block.write.locateFollowingBlock.initial.delay.ms';

const settings = async (cluster: 'a' | 'b', stock = false) => ({
  cluster,
  stock,
  data: `/lab/data/${cluster}`,
  ports: await choosePorts({}, 20_000, async () => true),
});

describe('confXml', () => {
  it('writes one property a line', () => {
    expect(confXml({ 'a.b': 'text', 'c.d': 7, e: true })).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<configuration>\n' +
        '  <property><name>a.b</name><value>text</value></property>\n' +
        '  <property><name>c.d</name><value>7</value></property>\n' +
        '  <property><name>e</name><value>true</value></property>\n' +
        '</configuration>\n',
    );
  });

  it('escapes what XML would read as markup', () => {
    expect(confXml({ url: 'jdbc:x?a=1&b=<2>' })).toContain('<value>jdbc:x?a=1&amp;b=&lt;2&gt;</value>');
  });
});

describe('the configuration of a cluster', () => {
  it('every cluster has its own ports and folders', async () => {
    const [a, b] = [await settings('a'), await settings('b')];
    expect(coreSite(a)['fs.defaultFS']).toBe('hdfs://127.0.0.1:20000');
    expect(coreSite(b)['fs.defaultFS']).toBe('hdfs://127.0.0.1:20007');
    expect(hdfsSite(b)).toMatchObject({
      'dfs.namenode.name.dir': 'file:///lab/data/b/namenode',
      'dfs.namenode.http-address': '127.0.0.1:20008',
      'dfs.datanode.http.address': '127.0.0.1:20010',
    });
    expect(hiveSite(b)).toMatchObject({
      'hive.metastore.uris': 'thrift://127.0.0.1:20012',
      'hive.server2.thrift.port': 20_013,
      'javax.jdo.option.ConnectionURL': 'jdbc:derby:;databaseName=/lab/data/b/metastore;create=false',
    });
  });

  it('stock leaves the closing delay of the servers as shipped, not that of Hive', async () => {
    expect(hdfsSite(await settings('a'))).toHaveProperty([CLOSING_DELAY], 10);
    expect(hadoopConfFiles(await settings('a'))['hdfs-site.xml']).toContain(CLOSING_DELAY);
    const stock = await settings('a', true);
    expect(hadoopConfFiles(stock)['hdfs-site.xml']).not.toContain(CLOSING_DELAY);
    expect(hiveConfFiles(stock)['hdfs-site.xml']).toContain(CLOSING_DELAY);
  });

  it('the HDFS folder carries the web folders that the servers ask for', async () => {
    const files = Object.keys(hadoopConfFiles(await settings('a')));
    expect(files).toEqual(expect.arrayContaining(['webapps/hdfs/WEB-INF/web.xml', 'webapps/datanode/WEB-INF/web.xml']));
  });
});
