import { expect, it } from 'vitest';
import { judge } from '../testing.ts';
import { check } from './index.ts';

it('names what had to be killed', async () => {
  const stop = { seen: { graceSeconds: 10, seconds: 10.4, exitCode: 137, killed: true } };
  expect((await judge(check, { stop })).said).toEqual([
    'killed: Deployment/shop, container shop: did not end on SIGTERM and was killed after 10.4 s (grace 10 s); handle SIGTERM, and let the program be the main process',
  ]);
});

it('takes every end within the grace', async () => {
  const stop = { seen: { graceSeconds: 10, seconds: 2, exitCode: 143, killed: false } };
  expect((await judge(check, { stop })).outcome).toBe('pass');
});
