import { expect, it } from 'vitest';
import { means, parsePurl } from './purl.ts';

it.each([
  ['pkg:deb/debian/curl@7.88.1-10?arch=amd64', 'deb', 'debian', 'curl', '7.88.1-10'],
  ['pkg:npm/%40types/node@24.0.0', 'npm', '@types', 'node', '24.0.0'],
  ['pkg:npm/@types/node', 'npm', '@types', 'node', null],
  [
    'pkg:golang/google.golang.org/grpc@v1.79.0#status',
    'golang',
    'google.golang.org',
    'grpc',
    'v1.79.0',
  ],
  ['pkg:oci/shop@sha256%3Aabc?repository_url=r.example%2Fshop', 'oci', '', 'shop', 'sha256:abc'],
  ['PKG://PyPI/Flask@3.0', 'pypi', '', 'Flask', '3.0'],
])('reads %s', (text, type, namespace, name, version) => {
  expect(parsePurl(text)).toMatchObject({ type, namespace, name, version });
});

it.each(['', 'curl', 'pkg:', 'pkg:deb', 'http://deb/curl'])('refuses %j', (text) => {
  expect(parsePurl(text)).toBeUndefined();
});

it.each([
  ['pkg:deb/debian/curl', true],
  ['pkg:deb/debian/curl@7.88.1-10', true],
  ['pkg:deb/debian/curl@7.88.1-10?arch=amd64', true],
  ['pkg:deb/debian/curl@7.88.1-10?arch=arm64', false],
  ['pkg:deb/debian/curl@7.88.1-11', false],
  ['pkg:deb/ubuntu/curl', false],
  ['pkg:apk/debian/curl', false],
])('%s means a package of amd64: %s', (pattern, expected) => {
  expect(means(pattern, 'pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12')).toBe(
    expected,
  );
});
