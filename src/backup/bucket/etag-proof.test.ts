import { describe, expect, it } from 'vitest';
import { etagProof } from './etag-proof.ts';

const md5 = 'd41d8cd98f00b204e9800998ecf8427e';

describe('what an ETag tells', () => {
  it('is the MD5 of an object that was sent in one piece, where nothing else guards its way', () => {
    expect(etagProof('http://store:9000').canTell(md5)).toBe(true);
    expect(etagProof('http://store:9000').canTell(`${md5}-2`)).toBe(false);
    expect(etagProof('http://store:9000').canTell('')).toBe(false);
    expect(etagProof('https://store:9000').canTell(md5)).toBe(false);
  });

  it('is nothing in a store whose ETags are all something else', () => {
    const proof = etagProof('http://store:9000');
    for (let seen = 0; seen < 4; seen++) {
      expect(proof.canTell(md5)).toBe(true);
      proof.saw(false);
    }
    expect(proof.canTell(md5)).toBe(false);
  });

  it('stays worth looking at once one of them was the MD5', () => {
    const proof = etagProof('http://store:9000');
    proof.saw(true);
    for (let seen = 0; seen < 9; seen++) proof.saw(false);
    expect(proof.canTell(md5)).toBe(true);
  });
});
