import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ask } from '../../../../cli/doctor/ask.ts';
import { readPage } from '../../../../cli/doctor/http-page.ts';
import { delayOf, lookAtNamenode, namenodeInfo, skewOf } from '../../../../cli/doctor/look-at-namenode.ts';
import { probeFiles } from '../../../../cli/doctor/probe-files.ts';
import { FerryError } from '../../../../errors/ferry-error.ts';
import { MemoryFileSystem } from '../../../../storage/memory-file-system.ts';

const signal = new AbortController().signal;
const ROOT = '/user/etl/hive-ferry';

async function names(files: MemoryFileSystem, path: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of (await files.list(path)) ?? []) found.push(...page.map(({ name }) => name));
  return found;
}

describe('the probe of a control root', () => {
  it('does what a sync does, and leaves nothing behind', async () => {
    const files = new MemoryFileSystem();
    const findings = await probeFiles(files, ROOT, { signal, uuid: () => '1' });
    expect(findings).toEqual({
      folder: `${ROOT}/doctor-1`,
      made: { ok: true },
      written: { ok: true },
      renamed: { ok: true, value: true },
      renameHeeded: { ok: true, value: true },
      checksum: { ok: true, value: 'MD5-of-0MD5-of-512CRC32C' },
      deleted: { ok: true, value: true },
    });
    expect(await names(files, ROOT)).toEqual([]);
  });

  it('finds a server that renames onto what is there', async () => {
    class Overwriting extends MemoryFileSystem {
      override async rename(from: string, to: string) {
        if ((await this.status(to))?.kind === 'file') await this.delete(to);
        return super.rename(from, to);
      }
    }
    const { renameHeeded } = await probeFiles(new Overwriting(), ROOT, { signal, uuid: () => '1' });
    expect(renameHeeded).toEqual({ ok: true, value: false });
  });

  it('stops at the first thing that cannot be done, and tells why', async () => {
    class Full extends MemoryFileSystem {
      override async create(): Promise<void> {
        throw new FerryError('QUOTA_EXCEEDED', 'no space');
      }
    }
    const files = new Full();
    const findings = await probeFiles(files, ROOT, { signal, uuid: () => '1' });
    expect(findings.written).toMatchObject({ ok: false, failed: { code: 'QUOTA_EXCEEDED', message: 'no space' } });
    expect(findings.renamed).toBeUndefined();
    expect(await names(files, ROOT)).toEqual([]);
  });

  it('takes the folder away when it is told to stop', async () => {
    const stopping = new AbortController();
    class Slow extends MemoryFileSystem {
      override async create(): Promise<void> {
        stopping.abort(new Error('enough'));
        throw stopping.signal.reason;
      }
    }
    const files = new Slow();
    await expect(probeFiles(files, ROOT, { signal: stopping.signal, uuid: () => '1' })).rejects.toThrow('enough');
    expect(await names(files, ROOT)).toEqual([]);
  });
});

describe('a question', () => {
  it('takes an error as an answer, without secrets', async () => {
    const asked = ask(
      () => Promise.reject(new FerryError('AUTH_REQUIRED', 'token=abc', { details: { scheme: 'Negotiate' } })),
      signal,
    );
    expect(await asked).toEqual({
      ok: false,
      failed: { code: 'AUTH_REQUIRED', message: 'token=***', scheme: 'Negotiate' },
    });
  });
});

describe('what a namenode tells of itself', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
  });

  const serve = async (
    answer: (url: string) => { status?: number; headers?: Record<string, string | string[]>; body?: string },
  ) => {
    const serving = createServer((request, response) => {
      const { status = 200, headers = {}, body = '' } = answer(request.url ?? '');
      response.writeHead(status, headers).end(body);
    });
    server = serving;
    await new Promise<void>((resolve) => serving.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(serving.address() as AddressInfo).port}`;
  };

  const beans = {
    beans: [
      {
        name: 'Hadoop:service=NameNode,name=NameNodeInfo',
        SoftwareVersion: '3.4.3',
        Safemode: '',
        LiveNodes: '{"dn1:9866":{"infoAddr":"dn1:9864"},"dn2:9866":{"infoAddr":"dn2:0"}}',
        DeadNodes: '{"dn3:9866":{}}',
      },
      { name: 'Hadoop:service=NameNode,name=NameNodeStatus', State: 'standby', SecurityEnabled: true },
    ],
  };

  it('is read from its /jmx, with its clock from a Date header that comes twice', async () => {
    const date = new Date(Date.now() - 100_000).toUTCString();
    const url = await serve((path) =>
      path.startsWith('/jmx?') ? { headers: { date: [date, date] }, body: JSON.stringify(beans) } : { status: 404 },
    );
    const findings = await lookAtNamenode(`${url}/webhdfs/v1`, signal);
    expect(findings.info).toEqual({
      ok: true,
      value: {
        version: '3.4.3',
        state: 'standby',
        safeMode: '',
        secure: true,
        live: 2,
        dead: 1,
        datanodes: ['dn1:9864'],
      },
    });
    expect(findings.skewMs).toBeGreaterThan(-102_000);
    expect(findings.skewMs).toBeLessThan(-98_000);
  });

  it('a 401 names the way to sign in', async () => {
    const url = await serve(() => ({ status: 401, headers: { 'www-authenticate': 'Negotiate' } }));
    expect((await lookAtNamenode(url, signal)).info).toMatchObject({
      ok: false,
      failed: { code: 'AUTH_REQUIRED', scheme: 'Negotiate' },
    });
  });

  it('another page, another status and a closed port are told apart', async () => {
    expect(() => namenodeInfo('<html>', 'http://x')).toThrow(/shows no NameNodeInfo/);
    const url = await serve(() => ({ status: 404 }));
    await expect(readPage(`${url}/jmx`, signal)).rejects.toMatchObject({ code: 'BAD_ANSWER' });
    server?.close();
    server = undefined;
    await expect(readPage('http://127.0.0.1:1/jmx', signal)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  it('the middle of its second is compared with the middle of the call', () => {
    expect(skewOf({ body: '', date: new Date(10_000) }, 10_400, 10_600)).toBe(0);
    expect(skewOf({ body: '' }, 0, 0)).toBeUndefined();
  });

  const property = (name: string, value: string) =>
    `<property><name>${name}</name><value>${value}</value><final>false</final></property>`;
  const NAME = 'dfs.client.block.write.locateFollowingBlock.initial.delay.ms';

  it.each([
    ['alone', property(NAME, '400'), 400],
    ['with a unit', property(NAME, '10ms'), 10],
    ['among all', property('a', '1') + property(NAME, '7') + property('z', '9'), 7],
  ])('the closing delay at /conf, %s', (_, body, ms) => {
    expect(delayOf(`<configuration>${body}</configuration>`, 'u')).toBe(ms);
  });

  it('a /conf without the setting is no answer', () => {
    expect(() => delayOf(property('a', '1'), 'u')).toThrow(/does not show the setting/);
  });
});
