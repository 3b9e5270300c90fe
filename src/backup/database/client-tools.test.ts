import { expect, it } from 'vitest';
import { clientFailure, removeCredentials, requireClient, saidLast } from './client-tools.ts';

it('a tool is quoted with what went wrong, not what it did before', () => {
  expect(saidLast('pg_dump: reading\npg_dump: error: connection lost\n')).toBe(
    'pg_dump: error: connection lost',
  );
  expect(saidLast('')).toBe('it said nothing');
});

it.each([
  ['pg_dump: error: connection to server at "h" failed: no', 'database-failed'],
  [
    'pg_dump: error: server version: 17.0; pg_dump version: 15.1\npg_dump: aborting because of server version mismatch',
    'client-too-old',
  ],
  ['pg_dump: error: query failed: ERROR:  permission denied for table t', 'database-denied'],
  [
    'pg_dump: error: query failed: ERROR:  canceling statement due to statement timeout\npg_dump: detail: Query was: LOCK TABLE public.t IN ACCESS SHARE MODE',
    'database-failed',
  ],
  ['pg_dump: error: something else', 'tool-failed'],
])('the end of a tool is told apart: %s', (stderr, code) => {
  expect(clientFailure('pg_dump', 'ann@h:1/d', { exitCode: 1, stderr })).toMatchObject({ code });
});

it('a lock that was waited for in vain is called a lock', () => {
  const stderr =
    'pg_dump: error: query failed: ERROR:  canceling statement due to statement timeout';
  const { message } = clientFailure('pg_dump', 'ann@h:1/d', { exitCode: 1, stderr });
  expect(message).toMatch(/^ann@h:1\/d: pg_dump waited in vain for a lock/);
});

it('a client older than the server is refused before it is run', () => {
  expect(() => requireClient('pg_dump', '15.18', 170_002)).toThrow(
    expect.objectContaining({
      code: 'client-too-old',
      message: expect.stringMatching(/15\.18.*17/),
    }),
  );
  expect(() => requireClient('pg_dump', '17beta1', 170_002)).not.toThrow();
  expect(() => requireClient('pg_dump', '18.0', 150_018)).not.toThrow();
});

it.each([
  '/etc',
  '/tmp/deploycheck-credentials-0123456789abcdef/../../etc',
  '/root/deploycheck-credentials-0123456789abcdef',
])('no other folder than one of ours is removed: %s', async (path) => {
  await expect(removeCredentials(path)).rejects.toThrow('not a folder that deploycheck makes');
});
