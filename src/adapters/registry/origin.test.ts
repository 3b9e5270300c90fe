import { describe, expect, it } from 'vitest';
import { originOf, permittedUrl } from './origin.ts';
import { nextPage } from './pages.ts';

it.each([
  ['docker.io', 'https://registry-1.docker.io'],
  ['ghcr.io', 'https://ghcr.io'],
  ['registry.example:5000', 'https://registry.example:5000'],
  ['127.0.0.1:5000', 'http://127.0.0.1:5000'],
  ['127.8.9.1', 'http://127.8.9.1'],
  ['localhost:5000', 'http://localhost:5000'],
  ['[::1]:5000', 'http://[::1]:5000'],
  ['localhost.example', 'https://localhost.example'],
  ['127.0.0.1.example', 'https://127.0.0.1.example'],
  ['10.0.0.5:5000', 'http://10.0.0.5:5000'],
  ['10.0.0.5:5001', 'https://10.0.0.5:5001'],
  ['plain.example:80', 'http://plain.example:80'],
])('%s is spoken to at %s', (registry, origin) => {
  expect(originOf(registry, ['10.0.0.5:5000', 'plain.example'])).toBe(origin);
});

describe('a place a server sends us to', () => {
  const tls = new URL('https://registry.example/v2/');
  const plain = new URL('http://127.0.0.1:5000/v2/');
  it.each([
    ['https://cdn.example/x?y', tls, 'https://cdn.example/x?y'],
    ['/x', tls, 'https://registry.example/x'],
    ['//other.example/x', tls, 'https://other.example/x'],
    ['http://registry.example/x', tls, undefined],
    ['http://127.0.0.1:80/x', tls, undefined],
    ['http://127.0.0.1:6000/x', plain, 'http://127.0.0.1:6000/x'],
    ['http://registry.example/x', plain, undefined],
    ['https://user:pass@cdn.example/x', plain, undefined],
    ['file:///etc/passwd', plain, undefined],
    ['http://[', plain, undefined],
  ])('%s', (text, from, expected) => {
    expect(permittedUrl(text, from, [])?.href).toBe(expected);
  });
});

it.each([
  [null, undefined],
  ['</v2/a/tags/list?n=2&last=b>; rel="next"', '/v2/a/tags/list?n=2&last=b'],
  ['<list?last=b>; n=1; rel=next', '/v2/a/tags/list?last=b'],
  ['</first>; rel="first", </second>; rel="next"', '/second'],
  ['<http://registry.example/v2/a/tags/list?n=2>; rel="next"', '/v2/a/tags/list?n=2'],
  ['</v2/>; rel="prev"', undefined],
])('the page after is told by %s', (link, expected) => {
  expect(nextPage(link, new URL('https://registry.example/v2/a/tags/list'))).toBe(expected);
});

it('a page on another server is not asked for, and the list is not taken for whole', () => {
  const link = '<https://other.example/v2/>; rel="next"';
  expect(() => nextPage(link, new URL('https://registry.example/v2/a/tags/list'))).toThrow(
    expect.objectContaining({ code: 'registry-failed' }),
  );
});
