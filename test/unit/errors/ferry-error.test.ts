import { describe, expect, it } from '@jest/globals';
import { codeOf, FerryError, isFerryError, messageOf, redact } from '../../../errors/ferry-error.ts';

describe('redact', () => {
  it.each([
    [
      'GET http://nn:9870/x?op=OPEN&delegation=HAAEaGRmcw&user.name=eve',
      'GET http://nn:9870/x?op=OPEN&delegation=***&user.name=eve',
    ],
    ['PASSWORD=hunter2 api_key=k', 'PASSWORD=*** api_key=***'],
    ['thrift://eve:s3cret@ms:9083', 'thrift://***@ms:9083'],
    ['http://nn:9870/user/a@b', 'http://nn:9870/user/a@b'],
    ['nothing to hide', 'nothing to hide'],
  ])('%s', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it('takes no time over a long answer without blanks', () => {
    const before = performance.now();
    expect(redact('x'.repeat(1_000_000))).toHaveLength(1_000_000);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe('FerryError', () => {
  it('is known by its brand, across copies of the package', () => {
    const copy = { [Symbol.for('hive-ferry.error')]: true, code: 'UNREACHABLE' };
    expect([new FerryError('CLAIMED', 'm'), copy, new Error('m'), undefined].map(isFerryError)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([new FerryError('CLAIMED', 'm'), copy, new Error('m')].map(codeOf)).toEqual([
      'CLAIMED',
      'UNREACHABLE',
      'INTERNAL',
    ]);
  });

  it('has no secret in message and details, and keeps its cause', () => {
    const cause = new Error('socket hang up');
    const url = 'http://nn/x?delegation=abc';
    const error = new FerryError('CONNECTION_LOST', `GET ${url} failed`, {
      cause,
      details: { url, all: [url], port: 1 },
    });
    const shown = 'http://nn/x?delegation=***';
    expect(error.details).toEqual({ url: shown, all: [shown], port: 1 });
    expect([error.message, error.cause, error.hint]).toEqual([
      `GET ${shown} failed`,
      cause,
      'The connection broke before the answer was whole.',
    ]);
  });

  it('messageOf tells the message of whatever was thrown', () => {
    expect([new Error('a'), 'b', 3, undefined].map(messageOf)).toEqual(['a', 'b', '3', 'undefined']);
  });
});
