import { expect, it } from 'vitest';
import { judge } from '../testing.ts';
import { check } from './index.ts';

const path = '/var/run/secrets/kubernetes.io/serviceaccount';

it('names a token that gives no right', async () => {
  const token = { seen: { path, account: 'shop', granted: false } };
  expect((await judge(check, { token })).said).toEqual([
    `unused: Deployment/shop, container shop: a token of ServiceAccount/shop is at ${path}, and the release gives that account no right; set automountServiceAccountToken: false`,
  ]);
});

it('lets be what the release has a use for', async () => {
  const token = { seen: { path, account: 'shop', granted: true } };
  expect((await judge(check, { token })).outcome).toBe('pass');
});

it('is not meant for a container of an engine', async () => {
  const { said, outcome } = await judge(check, { owner: null, token: { why: 'no cluster' } });
  expect([said, outcome]).toEqual([[], undefined]);
});
