import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { askMetastore, isDatabaseList } from '../../../lab/metastore-answer.ts';

/** An answer of Thrift's binary protocol: message type, then the first field's type and id. */
function answer(type: number, field: number, id: number): Buffer {
  const name = Buffer.from('get_all_databases');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(0x80010000 + type, 0);
  head.writeUInt32BE(name.length, 4);
  return Buffer.concat([head, name, Buffer.from([0, 0, 0, 1, field, 0, id, 11, 0, 0, 0, 0, 0])]);
}
const REPLY = 2;
const EXCEPTION = 3;
const LIST = 15;
const STRUCT = 12;

describe('isDatabaseList', () => {
  it('a reply with a list', () => expect(isDatabaseList(answer(REPLY, LIST, 0))).toBe(true));
  it('a MetaException, which is field 1', () => expect(isDatabaseList(answer(REPLY, STRUCT, 1))).toBe(false));
  it('an exception of Thrift itself', () => expect(isDatabaseList(answer(EXCEPTION, STRUCT, 1))).toBe(false));
  it('another protocol', () => expect(isDatabaseList(Buffer.from('HTTP/1.1 400 Bad Request'))).toBe(false));
  it('not yet enough of it', () => {
    const whole = answer(REPLY, LIST, 0);
    for (let length = 0; length < 32; length += 1) expect(isDatabaseList(whole.subarray(0, length))).toBeUndefined();
    expect(isDatabaseList(whole.subarray(0, 32))).toBe(true);
  });
});

describe('askMetastore', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  function serve(reply: (socket: Socket) => void): Promise<number> {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => reply(socket));
    });
    servers.push(server);
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  }

  it('true for a list that comes in pieces', async () => {
    const port = await serve((socket) => {
      socket.write(answer(REPLY, LIST, 0).subarray(0, 9));
      setTimeout(() => socket.write(answer(REPLY, LIST, 0).subarray(9)), 20);
    });
    expect(await askMetastore(port, 2000)).toBe(true);
  });

  it('throws when there is no answer, when it is cut off, when nobody listens', async () => {
    await expect(askMetastore(await serve(() => undefined), 100)).rejects.toThrow('no answer in 100 ms');
    const port = await serve((socket) => socket.end(Buffer.from([0x80])));
    await expect(askMetastore(port, 2000)).rejects.toThrow('closed without an answer');
    for (const server of servers) server.close();
    await expect(askMetastore(port, 2000)).rejects.toThrow('ECONNREFUSED');
  });
});
