import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

const files = (passwd: string, shadow = '', group = '') => ({
  layers: [
    [
      { path: 'etc/passwd', content: `root:x:0:0::/root:/bin/sh\n${passwd}` },
      { path: 'etc/shadow', content: `root:*:19000::::::\n${shadow}` },
      { path: 'etc/group', content: `root:x:0:\n${group}` },
    ],
  ],
});

it.each<[string, object, readonly string[]]>([
  ['a locked one', files('app:x:7:7::/:/bin/sh\n', 'app:!:19000::::::\n'), []],
  ['no password', files('app::7:7::/:/bin/sh\n'), ['empty-password']],
  ['no hash', files('app:x:7:7::/:/bin/sh\n', 'app::19000::::::\n'), ['empty-password']],
  ['another root', files('toor:x:0:0::/root:/bin/sh\n'), ['another-root']],
  ['one number twice', files('a:x:7:7::/:/s\nb:x:7:8::/:/s\n'), ['shared-uid']],
  ['one group twice', files('', '', 'a:x:7:\nb:x:7:\n'), ['shared-gid']],
  ['a line that is none', files('\n# comment\n+nis\n'), []],
  ['no files', {}, []],
])('says of %s', async (_, recipe, ids) => {
  expect(await saidOf(check, { ...recipe })).toEqual(ids);
});
