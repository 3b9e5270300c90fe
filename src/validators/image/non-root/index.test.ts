import { describe, expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { imageOf } from '../testing.ts';
import { check } from './index.ts';

const passwd = {
  path: 'etc/passwd',
  content: 'root:x:0:0::/:/bin/sh\napp:x:10001:10001::/:\ntoor:x:0:0::/:\n1000:x:0:0::/:\n',
};

const group = { path: 'etc/group', content: 'app:x:10001:\n' };

describe.each([
  ['', ['user-unset']],
  ['root', ['user-root']],
  ['root:app', ['user-root']],
  ['0', ['user-root']],
  ['0:0', ['user-root']],
  ['00', ['user-root']],
  ['+0', ['user-root']],
  [':10001', ['user-root']],
  ['toor', ['user-maps-to-root']],
  ['1000', ['user-maps-to-root']],
  ['nobody', ['user-unknown']],
  ['app', ['user-by-name']],
  ['app:app', ['user-by-name']],
  ['app:nobody', ['group-unknown']],
  ['10001:nobody', ['group-unknown']],
  ['10001', []],
  ['10001:0', []],
  ['4711', []],
])('USER %j', (user, expected) => {
  it(`gives ${expected.join() || 'nothing'}`, async () => {
    const { findings } = await examine(check, await imageOf({ User: user }, [[passwd, group]]));
    expect(findings.map(({ messageId }) => messageId)).toEqual(expected);
    for (const { location } of findings) {
      expect(location).toEqual({ file: 'example', path: 'config.User' });
    }
  });
});

it('takes the passwd of the last layer', async () => {
  const other = { ...passwd, content: 'app:x:0:0::/:\n' };
  const { findings } = await examine(check, await imageOf({ User: 'app' }, [[passwd], [other]]));
  expect(findings).toMatchObject([{ messageId: 'user-maps-to-root', severity: 'error' }]);
});

it('cannot tell without the layers, unless the config says enough', async () => {
  const byName = await imageOf({ User: 'app' }, [[passwd]], { cut: true });
  expect((await examine(check, byName)).outcomes).toMatchObject([{ outcome: 'inconclusive' }]);
  const unset = await imageOf({}, [[passwd]], { cut: true });
  expect((await examine(check, unset)).outcomes).toMatchObject([{ outcome: 'findings' }]);
});
