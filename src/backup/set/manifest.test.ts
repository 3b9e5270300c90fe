import { describe, expect, it } from 'vitest';
import { type Manifest, manifestText, readManifest, setSums } from './manifest.ts';

const set = '20260101T000000000Z-shop-5f0c9a1e';
const extent = { size: 1, sha256: 'a'.repeat(64) };
const manifest: Manifest = {
  formatVersion: 1,
  set,
  createdAt: '2026-01-01T00:00:00.000Z',
  completedAt: '2026-01-01T00:00:01.000Z',
  environment: null,
  tool: { name: 'deploycheck', version: '1.0.0' },
  encryption: null,
  signature: null,
  compression: { algorithm: 'zstd', level: 3 },
  files: [{ path: 'b', stored: extent, plain: extent, compression: null, encryption: null }],
  database: null,
  buckets: [],
  references: [],
  missing: [],
};
const problem = (change: object, of = set) => {
  const read = readManifest(JSON.stringify({ ...manifest, ...change }), of);
  return 'problem' in read ? read.problem : undefined;
};

describe('a manifest', () => {
  it('is read as it was written', () => {
    expect(readManifest(manifestText(manifest), set)).toEqual({ manifest });
  });

  it('may have more in it than this version knows', () => {
    expect(problem({ later: 1 })).toBeUndefined();
  });

  it('is refused with what is wrong', () => {
    expect(readManifest('{', set)).toEqual({ problem: 'it is no JSON' });
    expect(problem({ formatVersion: 3 })).toMatch(/^formatVersion: /);
    expect(problem({ formatVersion: 2 })).toMatch(/^formatVersion: it is 2 where/);
    expect(problem({ encryption: {} })).toMatch(/^encryption\.algorithm: /);
    expect(problem({}, set.replace('shop', 'stop'))).toBe(`it belongs to the set ${set}`);
  });

  it.each(['../b', '/etc/passwd', 'a//b', ''])('leads nowhere else: %j', (path) => {
    const files = [{ path, stored: extent, plain: extent, compression: null, encryption: null }];
    expect(problem({ files })).toMatch(/^files\.0\.path: /);
  });

  it('names no file that it does not list', () => {
    const bucket = { name: 'b', endpoint: '', bucket: 'b', prefix: '', objects: 0, bytes: 0 };
    const paths = { listing: 'b', transfer: 'b', settings: 'b', sums: 'b' };
    for (const path of Object.keys(paths)) {
      const buckets = [{ ...bucket, unread: 0, ...paths, [path]: 'gone', vanished: [] }];
      expect(problem({ buckets })).toBe('it names gone and does not list it');
    }
  });

  it('is covered by the sums, with every file', () => {
    const names = (signature: string | null) =>
      setSums(manifest.files, 'text', signature)
        .split('\n')
        .map((line) => line.slice(66));
    expect(names(null)).toEqual(['b', 'manifest.json', '']);
    expect(names('signature')).toEqual(['b', 'manifest.json', 'manifest.json.sig', '']);
  });
});
