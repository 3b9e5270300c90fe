import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { errorIn, messages, pullFault } from './messages.ts';

const read = (...chunks: readonly (string | Buffer)[]) =>
  Readable.from(messages(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))).toArray();

describe('lines of progress', () => {
  it('are read wherever they were cut, in a character as well', async () => {
    const line = Buffer.from('{"a":"ä"}\r\n');
    expect(await read(line.subarray(0, 7), line.subarray(7), '\n{"b"', ':1}')).toEqual([
      { a: 'ä' },
      { b: 1 },
    ]);
  });

  it('that are no JSON, or endless, are a fault', async () => {
    await expect(read('{"a":1}\n<html>\n')).rejects.toMatchObject({ code: 'engine-failed' });
    await expect(read('x'.repeat(2_000_000))).rejects.toThrow('endless line');
  });

  it('tell what went wrong', () => {
    expect(errorIn({ errorDetail: { message: 'a' }, error: 'b' })).toBe('a');
    expect(errorIn({ error: 'b' })).toBe('b');
    expect(errorIn({ status: 'error' })).toBeUndefined();
  });
});

describe('the words of a failed pull', () => {
  it.each([
    ['pull access denied for x, repository does not exist', 'registry-denied'],
    ['Head "https://x": no basic auth credentials', 'registry-denied'],
    ['manifest for x:1 not found: manifest unknown: manifest unknown', undefined],
    [
      'Get "https://x/v2/": dial tcp 1.2.3.4:443: connect: connection refused',
      'registry-unreachable',
    ],
    ['Get "https://x/v2/": x509: certificate signed by unknown authority', 'registry-unreachable'],
    ['write /var/lib: no space left on device', 'engine-failed'],
  ])('%s', (words, code) => {
    const fault = pullFault('unix:///x.sock', 'registry.example', words);
    expect(fault?.code).toBe(code);
    if (fault) expect(fault.message).toContain(words);
  });
});
