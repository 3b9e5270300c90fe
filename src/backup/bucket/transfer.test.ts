import { expect, it } from 'vitest';
import { encodedKey, transferText } from './transfer.ts';

it('configurations of curl escape what would end a value', () => {
  const line = {
    key: 'a "b"\\/ü+&.pdf',
    size: 1,
    sha256: 'f'.repeat(64),
    object: 'objects/ff/ff',
    encrypted: null,
    etag: '',
    lastModified: '2026-01-01T00:00:00.000Z',
    tags: null,
    metadata: { who: 'me "too"' },
    headers: { contentType: 'application/pdf' },
  };
  expect(transferText(line, true).split('\n')).toEqual([
    'config = "access.conf"',
    'url = "TARGET/a%20%22b%22%5C/%C3%BC%2B%26.pdf"',
    'upload-file = "objects/ff/ff"',
    `header = "x-amz-content-sha256: ${'f'.repeat(64)}"`,
    'header = "content-type: application/pdf"',
    'header = "x-amz-meta-who: me \\"too\\""',
    '',
  ]);
  expect(transferText(line, false)).toMatch(/^next\n/);
  expect(encodedKey("!'()*~")).toBe('%21%27%28%29%2A~');
});
