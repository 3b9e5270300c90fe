import { expect, it } from 'vitest';
import { objectOf } from '../../../core/json.ts';
import { configOf } from '../../image/config.ts';
import { dockerfileOf, examine, seen } from '../testing.ts';
import { check } from './index.ts';

const text = `FROM a:1 AS base
ENV HOME_DIR=/srv
FROM base
ARG REVISION=none
ENV APP=$HOME_DIR/app REV=$REVISION
LABEL title="shop" revision="$REVISION"
WORKDIR $HOME_DIR
WORKDIR app
EXPOSE 8080 9000-9001 $PORT
HEALTHCHECK CMD true
USER 10001:10001
ENTRYPOINT ["/app"]
CMD exec serve
`;
const image = {
  User: '10001:10001',
  WorkingDir: '/srv/app',
  Env: ['PATH=/bin', 'HOME_DIR=/srv', 'APP=/srv/app', 'REV=abc'],
  Labels: { title: 'shop', revision: 'abc', other: 'of the base' },
  ExposedPorts: { '8080/tcp': {}, '9000/tcp': {}, '9001/tcp': {} },
  Healthcheck: { Test: ['CMD-SHELL', 'true'] },
  Entrypoint: ['/app'],
  Cmd: ['/bin/sh', '-c', 'exec serve'],
};

function built(config: Readonly<Record<string, unknown>>) {
  const json = { architecture: 'amd64', os: 'linux', rootfs: { diff_ids: [] }, config };
  const read = configOf(objectOf(json) ?? {});
  if (!read) throw new Error('no image configuration');
  return { ...dockerfileOf(text), built: { reference: 'oci:image', config: read } };
}

it('is silent about the image of the file, whatever its arguments were', async () => {
  expect(await seen(check, built(image))).toEqual([]);
});

it.each([
  ['User', 'root', ['user 11:1']],
  ['User', '', ['user 11:1']],
  ['WorkingDir', '/srv', ['workdir 8:1']],
  ['Env', ['HOME_DIR=/srv', 'APP=/app'], ['variable 5:5', 'variable 5:23']],
  ['Labels', { title: 'other' }, ['label 6:13', 'label 6:29']],
  ['ExposedPorts', {}, ['port 9:1']],
  ['Healthcheck', null, ['health-check 10:1']],
  ['Cmd', ['serve'], ['command 13:1']],
  ['Entrypoint', ['/other'], ['command 12:1']],
])('finds another %s', async (name, value, expected) => {
  expect(await seen(check, built({ ...image, [name]: value }))).toEqual(expected);
});

it('shows no value of a variable', async () => {
  const { findings } = await examine(check, built({ ...image, Env: ['APP=s3cret'] }));
  expect(JSON.stringify(findings)).not.toContain('s3cret');
});

it('is inconclusive about an image that could not be read, and not meant for none', async () => {
  const unread = { ...dockerfileOf(text), built: { reference: 'oci:x', why: 'not there' } };
  const { outcomes, notExamined } = await examine(check, unread);
  expect([outcomes[0]?.outcome, notExamined[0]?.why]).toEqual(['inconclusive', 'not there']);
  expect((await examine(check, text)).notMeant).toHaveLength(1);
});
