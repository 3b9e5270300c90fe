import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ObjectSource } from './objects.ts';
import { objectStoreSettings } from './settings.ts';

const keys = { accessKey: 'an-access-key', secretKey: 'a-secret-key' };
const read = (source: ObjectSource, env: Record<string, string> = {}, registered: string[] = []) =>
  objectStoreSettings(source, { env, register: (secret) => registered.push(secret) });

describe('the settings of an object store', () => {
  it('come from the standard variables', async () => {
    const registered: string[] = [];
    const env = {
      AWS_ACCESS_KEY_ID: 'an-access-key',
      AWS_SECRET_ACCESS_KEY: 'a-secret-key',
      AWS_SESSION_TOKEN: 'a-session-token',
      AWS_DEFAULT_REGION: 'eu-central-1',
    };
    const settings = await read({}, env, registered);
    expect(settings).toMatchObject({
      endpoint: 'https://s3.eu-central-1.amazonaws.com',
      region: 'eu-central-1',
      pathStyle: false,
      accessKey: 'an-access-key',
    });
    expect([settings.secretKey(), settings.sessionToken()]).toEqual(registered);
    expect(inspect(settings) + JSON.stringify(settings)).not.toMatch(/secret-key|session-token/);
    const own = { AWS_ENDPOINT_URL: 'http://store:9000', AWS_REGION: 'eu-west-1', ...env };
    expect(await read({}, own)).toMatchObject({
      endpoint: 'http://store:9000',
      region: 'eu-west-1',
      pathStyle: true,
    });
  });

  it('mix no keys of two origins', async () => {
    const env = { AWS_SECRET_ACCESS_KEY: 'other', AWS_SESSION_TOKEN: 'other' };
    await expect(read({ accessKey: 'mine' }, env)).rejects.toMatchObject({
      code: 'objects-url-invalid',
    });
    expect((await read(keys, env)).sessionToken()).toBeUndefined();
  });

  it.each([
    [{ endpoint: 'store:9000', ...keys }, /http\(s\)/],
    [{ endpoint: 'ftp://store', ...keys }, /http\(s\)/],
    [{ endpoint: 'https://key:a-secret-key@store', ...keys }, /keys, which do not belong/],
    [{ endpoint: 'https://store/bucket', ...keys }, /path/],
    [{ endpoint: 'https://store', region: 'a b', ...keys }, /region/],
    [{ endpoint: 'https://store' }, /no keys/],
  ] satisfies [ObjectSource, RegExp][])('refuse %j', async (source, why) => {
    await expect(read(source)).rejects.toMatchObject({
      code: 'objects-url-invalid',
      message: expect.stringMatching(why),
    });
    await expect(read(source)).rejects.not.toMatchObject({
      message: expect.stringContaining('a-secret'),
    });
  });

  it('refuse certificates that cannot be read', async () => {
    await expect(read(keys, { AWS_CA_BUNDLE: '/nonexistent.pem' })).rejects.toMatchObject({
      code: 'objects-url-invalid',
      message: expect.stringContaining('AWS_CA_BUNDLE'),
    });
  });
});
