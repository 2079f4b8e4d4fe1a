/** The part of npm webhdfs 1.2.0 that namespace-client.ts stands on; the package ships no types. */
declare module 'webhdfs' {
  import type { Agent, IncomingMessage } from 'node:http';
  import type { Socket } from 'node:net';

  export interface Request {
    abort(): void;
    on(event: 'socket', listener: (socket: Socket) => void): this;
    on(event: 'data', listener: (chunk: Buffer) => void): this;
  }

  export interface RequestParameters {
    readonly agent?: Agent;
    readonly followRedirect?: boolean;
    readonly json?: boolean;
    readonly proxy?: null;
    readonly headers?: Readonly<Record<string, string>>;
  }

  export interface Client {
    _isError(response: IncomingMessage): boolean;
    _isSuccess(response: IncomingMessage): boolean;
    _getOperationEndpoint(operation: string, path: string, parameters: Readonly<Record<string, string>>): string;
    _sendRequest(
      method: string,
      url: string,
      options: RequestParameters,
      callback: (error: Error | null, response: IncomingMessage, body: unknown) => void,
    ): Request;
  }

  export function createClient(
    options: { readonly protocol: string; readonly host: string; readonly port: string; readonly path: string },
    requestParameters: RequestParameters,
  ): Client;
}
