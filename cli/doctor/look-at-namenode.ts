import { FerryError } from '../../errors/ferry-error.ts';
import { ask } from './ask.ts';
import type { ClosingDelay, NamenodeFindings, NamenodeInfo } from './findings.ts';
import { type Page, readPage } from './http-page.ts';

const DELAY = 'dfs.client.block.write.locateFollowingBlock.initial.delay.ms';
/** They are configured alike, as a rule; a cluster may have thousands. */
const DATANODES_ASKED = 5;

/** What a namenode tells of itself at /jmx. `url` is one of the config's, which may lead to a gateway that tells nothing. */
export async function lookAtNamenode(url: string, signal: AbortSignal): Promise<NamenodeFindings> {
  const { origin } = new URL(url);
  let skewMs: number | undefined;
  const info = await ask(async (each) => {
    const before = Date.now();
    const page = await readPage(`${origin}/jmx?qry=Hadoop:service=NameNode,name=NameNode*`, each);
    skewMs = skewOf(page, before, Date.now());
    return namenodeInfo(page.body, origin);
  }, signal);
  return { url, info, ...(skewMs === undefined ? {} : { skewMs }) };
}

/** The Date header has whole seconds, so that the middle of that second is what it means. */
export function skewOf({ date }: Page, before: number, after: number): number | undefined {
  if (date === undefined) return undefined;
  return date.getTime() + 500 - (before + after) / 2;
}

/** Reads the beans NameNodeInfo and NameNodeStatus. */
export function namenodeInfo(body: string, where: string): NamenodeInfo {
  const beans = parse(body)?.beans;
  const bean = (name: string) =>
    Array.isArray(beans)
      ? (beans.find((each) => each?.name === `Hadoop:service=NameNode,name=${name}`) as Record<string, unknown>)
      : undefined;
  const [info, status] = [bean('NameNodeInfo'), bean('NameNodeStatus')];
  if (info === undefined) throw new FerryError('BAD_ANSWER', `${where}/jmx shows no NameNodeInfo: is it a namenode?`);
  const live = Object.entries(parse(String(info.LiveNodes)) ?? {});
  return {
    version: String(info.SoftwareVersion ?? info.Version ?? ''),
    state: String(status?.State ?? ''),
    safeMode: String(info.Safemode ?? ''),
    secure: status?.SecurityEnabled === true,
    live: live.length,
    dead: Object.keys(parse(String(info.DeadNodes)) ?? {}).length,
    datanodes: live.flatMap(([, node]) => {
      const address = (node as { readonly infoAddr?: unknown } | null)?.infoAddr;
      return typeof address === 'string' && !address.endsWith(':0') ? [address] : [];
    }),
  };
}

/** What a few of the datanodes say at /conf. */
export function closingDelays(datanodes: readonly string[], signal: AbortSignal): Promise<readonly ClosingDelay[]> {
  return Promise.all(
    datanodes.slice(0, DATANODES_ASKED).map(async (datanode) => ({
      datanode,
      delayMs: await ask(async (each) => {
        const url = `http://${datanode}/conf?name=${DELAY}`;
        return delayOf((await readPage(url, each)).body, url);
      }, signal),
    })),
  );
}

/** The page is XML: <property><name>...</name><value>400</value>...; Hadoop 2 shows all of its settings. */
export function delayOf(body: string, url: string): number {
  const [, property = ''] = body.split(`<name>${DELAY}</name>`);
  const value = /^\s*<value>(\d+)(ms)?<\/value>/.exec(property)?.[1];
  if (value === undefined) throw new FerryError('BAD_ANSWER', `${url} does not show the setting`);
  return Number(value);
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
