import { expect, it } from 'vitest';
import { createScanner, scanBytes } from './scan.ts';
import { checksummedToken } from './testing.ts';

const token = checksummedToken('ghp_');
const text = `Größe: 1 €\r\n  token: ${token}\r\n`;
const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
const big = Buffer.from(little).swap16();

it.each([
  ['the low byte first', little],
  ['the high byte first', big],
])('is searched with %s, however it is cut', (_, bytes) => {
  const whole = scanBytes(bytes);
  expect(whole.hits).toMatchObject([{ shape: 'github-token', line: 2, column: 10 }]);
  for (const size of [1, 2, 3, 7]) {
    const scanner = createScanner();
    for (let at = 0; at < bytes.length; at += size) {
      scanner.feed(Uint8Array.from(bytes.subarray(at, at + size)));
    }
    expect(scanner.end()).toEqual(whole);
  }
});

it('is told by its mark alone', () => {
  expect(scanBytes(little.subarray(2)).hits).toEqual([]);
  const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(token)]);
  expect(scanBytes(marked).hits).toEqual([]);
  expect(
    scanBytes(Buffer.concat([Buffer.from([0xff]), Buffer.from(` ${token}`)])).hits,
  ).toHaveLength(1);
  expect(scanBytes(Buffer.from([0xff])).hits).toEqual([]);
});
