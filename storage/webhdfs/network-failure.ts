import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { FerryError, messageOf } from '../../errors/ferry-error.ts';

/**
 * A connection that failed. `sent: false`: it never stood, so the server cannot have done anything: UNREACHABLE.
 * Otherwise the answer is lost and what the server did is not known: CONNECTION_LOST.
 */
export function networkFailure(error: unknown, what: string, where: string, sent: boolean): FerryError {
  const said = messageOf(error) || (error as NodeJS.ErrnoException)?.code || 'no reason given';
  if (!sent) return new FerryError('UNREACHABLE', `${what}: ${where} is not reached: ${said}`, { cause: error });
  return new FerryError('CONNECTION_LOST', `${what}: the connection to ${where} broke: ${said}`, { cause: error });
}

/** Calls back once the socket can carry bytes, TLS agreed; at once when it is one that was kept alive. */
export function whenConnected(socket: Socket, then: () => void): void {
  const secure = socket instanceof TLSSocket;
  const ready = !socket.connecting && (!secure || socket.getProtocol() !== null);
  if (ready) then();
  else socket.once(secure ? 'secureConnect' : 'connect', then);
}
