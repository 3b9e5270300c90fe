import { expect, it } from 'vitest';
import { firstThere, parseHost } from './endpoint.ts';

const none = async () => undefined;
const some = async () => ({ ca: Buffer.from('ca') });

it.each([
  ['unix:///run/docker.sock', none, { socketPath: '/run/docker.sock' }],
  ['tcp://10.0.0.5', none, { hostname: '10.0.0.5', port: 2375, tls: undefined }],
  ['tcp://10.0.0.5', some, { hostname: '10.0.0.5', port: 2376, tls: { ca: Buffer.from('ca') } }],
  ['tcp://engine.example:1234', none, { hostname: 'engine.example', port: 1234, tls: undefined }],
  ['engine.example:1234', none, { hostname: 'engine.example', port: 1234, tls: undefined }],
  ['tcp://[fd00::1]:99', none, { hostname: 'fd00::1', port: 99, tls: undefined }],
  ['http://engine.example', some, { hostname: 'engine.example', port: 2375, tls: undefined }],
  ['https://engine.example:443', none, { hostname: 'engine.example', port: 443, tls: {} }],
  ['https://engine.example', none, { hostname: 'engine.example', port: 2376, tls: {} }],
])('%s', async (host, tls, expected) => {
  expect(await parseHost(host, tls)).toEqual({ host, ...expected });
});

it.each(['ssh://a@b', 'fd://', 'unix://x', 'tcp://', '://', 'npipe:////./pipe/x'])(
  '%s is refused',
  async (host) => {
    await expect(parseHost(host, none)).rejects.toMatchObject({ code: 'engine-unreachable' });
  },
);

it('takes the first socket that is there, and names the first when none is', async () => {
  const [none, here] = ['/no-such-folder/docker.sock', import.meta.filename];
  expect(await firstThere([none, here, import.meta.dirname])).toBe(here);
  expect(await firstThere([none, '/no-such-folder/podman.sock'])).toBe(none);
});
