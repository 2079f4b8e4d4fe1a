import { connect } from 'node:net';

/** get_all_databases as Thrift's strict binary protocol writes it: version and type CALL, name, sequence id, no fields. */
function request(): Buffer {
  const name = Buffer.from('get_all_databases');
  const message = Buffer.alloc(4 + 4 + name.length + 4 + 1);
  message.writeUInt32BE(0x80010001, 0);
  message.writeUInt32BE(name.length, 4);
  name.copy(message, 8);
  message.writeUInt32BE(1, 8 + name.length);
  return message;
}

const REPLY = 0x80010002;
const LIST = 15;

/** undefined: not enough bytes yet; else whether they are a reply whose field 0 (success) is a list. */
export function isDatabaseList(answer: Buffer): boolean | undefined {
  if (answer.length < 8) return undefined;
  if (answer.readUInt32BE(0) !== REPLY) return false;
  const field = 8 + answer.readUInt32BE(4) + 4;
  if (answer.length < field + 3) return undefined;
  return answer.readUInt8(field) === LIST && answer.readInt16BE(field + 1) === 0;
}

/** Asks a metastore for its databases: true when it answers with them, so its own database works. Throws on no answer in time. */
export function askMetastore(port: number, withinMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let answer = Buffer.alloc(0);
    const end = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(withinMs, () => end(() => reject(new Error(`no answer in ${withinMs} ms`))));
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('close', () => reject(new Error('connection closed without an answer')));
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      const verdict = isDatabaseList(answer);
      if (verdict !== undefined) end(() => resolve(verdict));
    });
    socket.end(request());
  });
}
