import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

const image = (uid: number, shell: string, isThere = true) => ({
  layers: [
    [
      { path: 'etc/passwd', content: `app:x:${uid}:7::/:${shell}\n` },
      ...(isThere ? [{ path: shell.slice(1), mode: '0755', content: 'x' }] : []),
    ],
  ],
});

it.each<[string, object, readonly string[]]>([
  ['a shell', image(7, '/bin/bash'), ['shell']],
  ['the shell of root', image(0, '/bin/bash'), []],
  ['a shell that is not there', image(7, '/bin/bash', false), []],
  ['no shell', image(7, '/usr/sbin/nologin'), []],
  ['no accounts', {}, []],
])('says of %s', async (_, recipe, ids) => {
  expect(await saidOf(check, { ...recipe })).toEqual(ids);
});
