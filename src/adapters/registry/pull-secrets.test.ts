import { describe, expect, it } from 'vitest';
import type { FindCredentials } from './credentials.ts';
import { withPullSecrets } from './pull-secrets.ts';

const { signal } = new AbortController();
const machine: FindCredentials = async () => ({
  found: { username: 'machine', password: 'm' },
  where: 'a file',
});
const config = (server: string, user: string) => {
  const auth = Buffer.from(`${user}:p`).toString('base64');
  return JSON.stringify({ auths: { [server]: { auth } } });
};
const find = (registry: string, ...texts: string[]) =>
  withPullSecrets(texts, machine)(registry, signal);

describe('pull secrets', () => {
  it('come before the credentials of this machine, the first that fits', async () => {
    const texts = [config('other.example', 'a'), config('https://r.example/v2/', 'b')];
    expect((await find('r.example', ...texts)).found).toEqual({ username: 'b', password: 'p' });
  });

  it('leave a registry they do not know to the machine', async () => {
    const { found, where } = await find('r.example', config('other.example', 'a'), 'no JSON');
    expect(found).toEqual({ username: 'machine', password: 'm' });
    expect(where).toBe('2 pull secrets of the pod and a file');
  });

  it('know Docker Hub by its old address', async () => {
    const { found } = await find('docker.io', config('https://index.docker.io/v1/', 'hub'));
    expect(found).toEqual({ username: 'hub', password: 'p' });
  });
});
