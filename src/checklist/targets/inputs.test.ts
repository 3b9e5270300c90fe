import { describe, expect, it } from 'vitest';
import { sha256 } from '../../core/digest.ts';
import { imageOf } from '../../validators/image/testing.ts';
import { inputOf } from './inputs.ts';

const tests = 'schemaVersion: 2.0.0\nfileExistenceTests: []\n';

describe('the inputs of an image', () => {
  it('are the image alone where nothing stands beside it', async () => {
    const target = await imageOf({});
    expect(inputOf({ kind: 'image', source: 'shop:2', target })).toEqual([
      { kind: 'image', digest: target.digest, source: 'shop:2', listing: null },
    ]);
  });

  it('bind what it was compared with, by digest', async () => {
    const base = { config: { User: '1' }, layers: [] };
    const earlier = { config: { User: '2' }, layers: [] };
    const target = await imageOf({}, [], { base, earlier, structure: tests });
    const inputs = inputOf({ kind: 'image', source: 'shop:2', target });
    expect(inputs.slice(1)).toEqual([
      { kind: 'baseImage', digest: target.givenBase?.digest, source: 'base', listing: null },
      { kind: 'earlierImage', digest: target.earlier?.digest, source: 'earlier', listing: null },
      { kind: 'structureTests', digest: sha256(tests), source: 'structure.yaml', listing: null },
    ]);
    expect(new Set(inputs.map(({ digest }) => digest)).size).toBe(4);
  });

  it('are none of what could not be loaded', () => {
    expect(inputOf({ kind: 'image', source: 'shop:2' })).toEqual([]);
  });
});
