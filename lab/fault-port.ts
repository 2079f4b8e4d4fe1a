import type { AddressInfo, Server, Socket } from 'node:net';

/** A port on the loopback whose server can go away and come back, as one that is restarted. */
export class FaultPort {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {}).once('close', () => this.#sockets.delete(socket));
    });
  }

  get port(): number {
    return this.#port;
  }

  /** Connections taken and not ended yet. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Takes connections, on the same port as before. */
  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection without a word. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends every connection, and refuses new ones until it is opened again. */
  async refuse(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.hangUp();
    await closed;
  }
}
