import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { imageOf, saidOf } from '../testing.ts';
import { check } from './index.ts';

it.each<[string, readonly string[]]>([
  ['var/lib/apt/lists/deb.example_dists_stable_InRelease', ['left']],
  ['var/lib/apt/lists/lock', []],
  ['var/cache/apt/archives/shop_1_amd64.deb', ['left']],
  ['var/cache/apk/APKINDEX.1.tar.gz', ['left']],
  ['var/cache/dnf/main/packages/shop.rpm', ['left']],
  ['root/.cache/pip/http/a', ['left']],
  ['home/app/.npm/_cacache/index-v5/a', ['left']],
  ['usr/local/share/.cache/yarn/v6/a', ['left']],
  ['go/pkg/mod/cache/download/a', ['left']],
  ['app/cache/apt/lists/a', []],
])('says of %s', async (path, ids) => {
  expect(await saidOf(check, { layers: [[{ path, content: 'x' }]] })).toEqual(ids);
  expect(await saidOf(check, { layers: [[{ path, content: '' }]] })).toEqual([]);
});

it('finds what a later layer removes, and names the step that made it', async () => {
  const image = await imageOf(
    {},
    [[{ path: 'var/lib/apt/lists/a', content: 'x' }], [{ path: 'var/lib/apt/.wh.lists' }]],
    {
      history: [
        { created_by: 'CMD ["/app"]', empty_layer: true },
        { created_by: 'RUN /bin/sh -c apt-get update # buildkit' },
        { created_by: 'RUN /bin/sh -c rm -rf /var/lib/apt/lists # buildkit' },
      ],
    },
  );
  const { findings } = await examine(check, image);
  expect(findings.map(({ location }) => location.origin)).toEqual([
    { layer: 1, step: 'RUN apt-get update', owner: 'unknown', by: 'nothing' },
  ]);
});
