import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countBreaks } from './lines.ts';

it('counts every line feed of a part, and tells where the last one is', () => {
  const byte = fc.constantFrom(0x0a, 0x0b, 0x00, 0x8a, 0x8b, 0xff, 0x09);
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 3000 }), fc.nat(3000), fc.nat(3000), (all, a, b) => {
      const bytes = Uint8Array.from(all);
      const [from = 0, to = 0] = [a, b]
        .map((one) => Math.min(one, all.length))
        .sort((x, y) => x - y);
      const places = all.flatMap((one, at) => (one === 0x0a && at >= from && at < to ? [at] : []));
      expect(countBreaks(bytes, from, to, 100, { before: 7, last: 3 })).toEqual({
        before: 7 + places.length,
        last: places.length === 0 ? 3 : 100 + (places.at(-1) ?? 0),
      });
    }),
  );
  const many = new Uint8Array(5000).fill(0x0a);
  expect(countBreaks(many, 1, 4999, 0, { before: 0, last: -1 })).toEqual({
    before: 4998,
    last: 4998,
  });
});
