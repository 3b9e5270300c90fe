import { expect, it } from 'vitest';
import { judge } from '../testing.ts';
import { check } from './index.ts';

const none = { declared: null, inForce: null };
const megabyte = 1024 * 1024;

it('wants a memory limit, and what is declared in force', async () => {
  const seen = { memory: none, cpu: { declared: 1, inForce: null } };
  expect((await judge(check, { limits: { seen } })).said).toEqual([
    'no-memory-limit: Deployment/shop, container shop: nothing limits its memory; set resources.limits.memory',
    'not-in-force: Deployment/shop, container shop: its CPU limit is 1 cores in the manifest and none in its control group',
  ]);
});

it('takes a limit for the same that the kernel rounded', async () => {
  const memory = { declared: 100 * megabyte, inForce: 100 * megabyte - 4095 };
  const seen = { memory, cpu: { declared: 0.3333, inForce: 0.33 } };
  expect((await judge(check, { limits: { seen } })).outcome).toBe('pass');
});

it('takes a limit that the pod got from elsewhere', async () => {
  const seen = { memory: { declared: null, inForce: megabyte }, cpu: none };
  expect((await judge(check, { limits: { seen } })).outcome).toBe('pass');
});

it('asks a container of an engine only for what was declared', async () => {
  const bare = { memory: none, cpu: none };
  const nothing = await judge(check, { owner: null, limits: { seen: bare } });
  expect([nothing.said, nothing.outcome]).toEqual([[], undefined]);
  const lost = { ...bare, memory: { declared: megabyte, inForce: null } };
  expect((await judge(check, { owner: null, limits: { seen: lost } })).said).toHaveLength(1);
});
