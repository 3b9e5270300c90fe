import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { ownMachine } from './own-machine.ts';

it('reads a process whose control group has the name, and no other', async () => {
  const child = execFile('sleep', ['100']);
  const pid = child.pid ?? 0;
  const name = (await readFile(`/proc/${pid}/cgroup`, 'utf8')).trim().split('/').at(-1) ?? '';
  const read = await ownMachine(pid, name);
  expect(await read?.('status')).toMatchObject({ seen: expect.stringMatching(/^Name:/) });
  expect(await read?.('no-such-file')).toEqual({ why: `/proc/${pid}/no-such-file cannot be read` });
  expect(await ownMachine(pid, 'f'.repeat(64))).toBeUndefined();
  child.kill();
  await once(child, 'exit');
  expect(await read?.('status')).toHaveProperty('why');
  expect(await ownMachine(pid, name)).toBeUndefined();
});
