import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { entriesOf, keptEntries } from './kept-entries.ts';
import type { LayerEntry } from './layer.ts';

const id = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const entry: fc.Arbitrary<LayerEntry> = fc.record(
  {
    path: text,
    type: fc.constantFrom('file', 'directory', 'symlink', 'hardlink', 'fifo', 'other'),
    mode: fc.nat(0o177777),
    uid: id,
    gid: id,
    size: id,
    linkname: text,
    capability: fc.boolean(),
    checksum: fc.nat(0xffff_ffff),
    program: fc.record({ format: fc.constant('elf'), architecture: text, loader: text }),
  },
  {
    requiredKeys: ['path', 'type', 'mode', 'uid', 'gid', 'size', 'linkname', 'capability'],
  },
);

it('gives back the entries that were kept', () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      expect(entriesOf(deserialize(serialize(keptEntries(entries))))).toEqual(entries);
    }),
    { numRuns: 500 },
  );
});
