import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect, demultiplex } from './output.ts';

function frame(stream: number, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** Cut at any places. */
async function* cut(bytes: Buffer, places: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const place of [...places.map((at) => at % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  )) {
    yield bytes.subarray(from, place);
    from = place;
  }
}

describe('the output of a container', () => {
  it('comes apart wherever its pieces were cut', async () => {
    const frames = fc.array(fc.tuple(fc.constantFrom(0, 1, 2), fc.uint8Array({ maxLength: 40 })));
    await fc.assert(
      fc.asyncProperty(frames, fc.array(fc.nat(1000)), async (all, places) => {
        const bytes = Buffer.concat(all.map(([stream, part]) => frame(stream, part)));
        const parts: Record<string, Uint8Array[]> = { stdout: [], stderr: [] };
        for await (const piece of demultiplex(cut(bytes, places))) {
          parts[piece.stream]?.push(new Uint8Array(piece.bytes));
        }
        const expected = (isError: boolean) =>
          Buffer.concat(
            all.filter(([stream]) => (stream === 2) === isError).map(([, part]) => part),
          );
        expect(Buffer.concat(parts.stdout ?? [])).toEqual(expected(false));
        expect(Buffer.concat(parts.stderr ?? [])).toEqual(expected(true));
      }),
    );
  });

  it.each([
    ['in a header', frame(1, Buffer.from('a')).subarray(0, 5)],
    ['in what follows', frame(1, Buffer.from('abc')).subarray(0, 10)],
  ])('that breaks off %s is a fault', async (_, bytes) => {
    await expect(collect(demultiplex(cut(bytes, [])))).rejects.toMatchObject({
      code: 'engine-failed',
    });
  });

  it.each([
    ['an unknown stream', Buffer.from([3, 0, 0, 0, 0, 0, 0, 0])],
    ['text of a terminal', Buffer.from('\u0001 is what it printed')],
  ])('that begins with %s is a fault', async (_, bytes) => {
    await expect(collect(demultiplex(cut(bytes, [])))).rejects.toThrow('with a terminal');
  });

  it('is kept up to a bound for each stream', async () => {
    const bytes = Buffer.concat([
      frame(1, Buffer.from('12345')),
      frame(2, Buffer.from('err')),
      frame(1, Buffer.from('67')),
    ]);
    expect(await collect(demultiplex(cut(bytes, [])), 6)).toEqual({
      stdout: '123456',
      stderr: 'err',
      truncated: true,
    });
    expect(await collect(demultiplex(cut(bytes, [])), 7)).toMatchObject({ truncated: false });
  });
});
