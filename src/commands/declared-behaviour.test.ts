import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../config/load.ts';
import { createRedactor } from '../core/redact.ts';
import { altered } from '../simulate/behaviour/authentication.ts';
import { withBehaviour } from './declared-behaviour.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploycheck-behaviour-'));
  await writeFile(join(folder, 'clerk.token'), 'a-token-of-a-clerk\n');
});
afterAll(() => rm(folder, { recursive: true }));

const targets = ['shop', 'web'].map((service) => ({ service, probes: [] }));

async function declared(token: string) {
  const service = {
    ...{ name: 'shop', image: 'unused' },
    behaviour: {
      authentication: [{ path: '/orders', token }],
      rateLimit: [{ path: '/login', requests: 20, within: '1m30s' }],
    },
  };
  const text = JSON.stringify({ version: 1, services: [service] });
  await writeFile(join(folder, 'deploycheck.yaml'), text);
  const config = await loadConfig({ folder, env: {} });
  const redact = createRedactor();
  return { redact, targets: await withBehaviour({ config, redact }, targets) };
}

it('reads tokens and durations, beside the configuration', async () => {
  const [shop, web] = (await declared('file:clerk.token')).targets;
  expect(shop?.behaviour?.authentication?.[0]?.token).toBe('a-token-of-a-clerk');
  expect(shop?.behaviour?.rateLimit).toEqual([{ path: '/login', requests: 20, withinMs: 90_000 }]);
  expect(web).toEqual({ service: 'web', probes: [] });
});

it('takes tokens out of every text, altered ones too', async () => {
  const { redact } = await declared('file:clerk.token');
  const token = 'a-token-of-a-clerk';
  expect(redact(`refused ${token} and ${altered(token)}`)).toBe(
    'refused [redacted] and [redacted]',
  );
});

it.each([
  ['env:DEPLOYCHECK_NO_SUCH_TOKEN', /env:DEPLOYCHECK_NO_SUCH_TOKEN is not set/],
  ['file:nowhere.token', /cannot be read/],
])('says that %s is missing', async (reference, message) => {
  await expect(declared(reference)).rejects.toThrow(message);
});
