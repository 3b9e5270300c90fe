import { expect, test } from 'vitest';
import { artifactUri } from './uri.ts';

test.each([
  ['k8s/api.yaml', 'k8s/api.yaml'],
  ['./k8s/api.yaml', 'k8s/api.yaml'],
  ['../other/x', '../other/x'],
  ['my app/a %20#?.yaml', 'my%20app/a%20%2520%23%3F.yaml'],
  ['registry:5000/api@sha256:00', 'registry%3A5000/api%40sha256%3A00'],
  ['C:\\work\\x', 'C%3A/work/x'],
  ['/abs/x y', 'file:///abs/x%20y'],
  ['//evil.example/x', 'file:///evil.example/x'],
  ['http://evil.example', 'http%3A//evil.example'],
  ['\uD800', '%EF%BF%BD'],
  ['', '.'],
])('%j becomes %s', (path, uri) => {
  expect(artifactUri(path)).toBe(uri);
});
