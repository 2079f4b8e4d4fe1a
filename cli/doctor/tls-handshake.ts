import { type ConnectionOptions, connect } from 'node:tls';
import { hostAndPort } from '../../config/host-and-port.ts';
import type { TemporalTls } from '../../config/temporal-connection.ts';
import { messageOf } from '../../errors/ferry-error.ts';

const GIVE_UP_MS = 5_000;
/** With TLS 1.3 a server that wants a client certificate, or another, says so after the handshake. */
const SECOND_THOUGHTS_MS = 500;

/**
 * Why a client with these settings gets no connection, as a handshake of its own tells: gRPC tries again until its time
 * is over, and keeps to itself why. undefined: TLS is not what it fails at.
 */
export async function tlsObjection(
  address: string,
  tls: TemporalTls,
  signal: AbortSignal,
): Promise<string | undefined> {
  const server = hostAndPort(address);
  if (!tls) {
    const { secured, objection = '' } = await handshake({ ...server, rejectUnauthorized: false }, signal);
    return secured || objection.includes('alert') ? 'the server speaks TLS, and temporal.tls is off' : undefined;
  }
  const { serverNameOverride, serverRootCACertificate: ca, clientCertPair: pair } = tls === true ? {} : tls;
  try {
    const { objection } = await handshake(
      {
        ...server,
        ...(serverNameOverride === undefined ? {} : { servername: serverNameOverride }),
        ...(ca === undefined ? {} : { ca: Buffer.from(ca) }),
        ...(pair === undefined ? {} : { cert: Buffer.from(pair.crt), key: Buffer.from(pair.key) }),
      },
      signal,
    );
    return objection;
  } catch (error) {
    // The certificates themselves are of no use.
    return messageOf(error);
  }
}

type Handshake = {
  /** It came to an end; the server may have objected afterwards. */
  readonly secured: boolean;
  readonly objection?: string;
};

function handshake(options: ConnectionOptions, signal: AbortSignal): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    let secured = false;
    const socket = connect({ ...options, ALPNProtocols: ['h2'], timeout: GIVE_UP_MS });
    const end = (objection?: string) => {
      signal.removeEventListener('abort', leave);
      socket.destroy();
      resolve({ secured, ...(objection === undefined ? {} : { objection }) });
    };
    const leave = () => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    socket.once('secureConnect', () => {
      secured = true;
      setTimeout(end, SECOND_THOUGHTS_MS);
    });
    socket.once('timeout', () => end('nobody answered'));
    socket.on('error', (error) => end(plainWords(error)));
  });
}

/** OpenSSL tells where in its source it was: '80AC:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../x.c:350:'. */
function plainWords({ message }: Error): string {
  if (message.includes('wrong version number')) return 'the server speaks no TLS, and temporal.tls is on';
  return /:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1] ?? message;
}
