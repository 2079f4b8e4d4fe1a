import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

/**
 * Encrypts what hive-ferry tells a Temporal server with AES-256-GCM: names of tables, partitions and paths stay with
 * whoever has the key. In temporal.config.ts: temporal: { codec: './encrypt-payloads.ts' }. The key, 32 bytes in base64, is in
 * CODEC_KEY of whoever runs `ferry`, a worker, or a codec server for the Temporal UI.
 */

const ENCODING = 'binary/encrypted';
const [NONCE, TAG] = [12, 16];
const { Payload: Wire } = proto.temporal.api.common.v1;

const key = Buffer.from(process.env.CODEC_KEY ?? '', 'base64');
if (key.length !== 32) throw new Error('CODEC_KEY is not 32 bytes in base64; make one with: openssl rand -base64 32');

function encrypt(payload: Payload): Payload {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  const sealed = Buffer.concat([
    nonce,
    cipher.update(Wire.encode(payload).finish()),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return { metadata: { [METADATA_ENCODING_KEY]: Buffer.from(ENCODING) }, data: sealed };
}

/** What was not encrypted, from before there was a codec, is handed on as it is. */
function decrypt(payload: Payload): Payload {
  const { metadata, data } = payload;
  if (Buffer.from(metadata?.[METADATA_ENCODING_KEY] ?? []).toString() !== ENCODING || !data) return payload;
  const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAuthTag(data.subarray(-TAG));
  return Wire.decode(Buffer.concat([decipher.update(data.subarray(NONCE, -TAG)), decipher.final()]));
}

const codec: PayloadCodec = {
  encode: async (payloads) => payloads.map(encrypt),
  decode: async (payloads) => payloads.map(decrypt),
};

export default codec;
