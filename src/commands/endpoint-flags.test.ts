import { expect, it } from 'vitest';
import { endpointProbe } from './endpoint-flags.ts';

const flags = {
  ...{ url: 'https://shop.example/readyz', status: 200 },
  ...{ 'body-json': false, 'security-headers': false },
};

it('asks for nothing that is not flagged', () => {
  expect(endpointProbe(flags)).toEqual({
    ...{ url: flags.url, status: 200, timeoutMs: 10_000, cors: [] },
  });
});

it('reads names with their values', () => {
  const probe = endpointProbe({
    ...{ ...flags, 'body-json': true, within: 500 },
    dependency: ['database=up', 'queue.state=a=b'],
    'expect-header': ['cache-control: no-store', 'location:https://shop.example'],
    'cors-allowed': ['https://shop.example'],
    'cors-refused': ['https://evil.example:8443'],
  });
  expect(probe).toMatchObject({ format: 'json', timeoutMs: 500 });
  expect(probe.dependencies).toEqual({ database: 'up', 'queue.state': 'a=b' });
  expect(probe.headers?.expect).toEqual({
    'cache-control': 'no-store',
    location: 'https://shop.example',
  });
  expect(probe.cors).toEqual([
    { origin: 'https://shop.example', allowed: true },
    { origin: 'https://evil.example:8443', allowed: false },
  ]);
  expect(endpointProbe({ ...flags, 'security-headers': true }).headers?.preset).toBe('security');
});

it.each([
  [{ dependency: ['database'] }, /--dependency database: expected NAME=VALUE/],
  [{ 'expect-header': ['cache-control=no-store'] }, /expected 'NAME: VALUE'/],
  [{ 'cors-allowed': ['https://shop.example/'] }, /no origin such as/],
  [{ 'cors-refused': ['shop.example'] }, /no origin such as/],
])('refuses %j', (wrong, message) => {
  expect(() => endpointProbe({ ...flags, ...wrong })).toThrow(message);
});
