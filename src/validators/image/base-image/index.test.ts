import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

const name = 'org.opencontainers.image.base.name';
const digest = 'org.opencontainers.image.base.digest';
const system = [{ path: 'etc/os-release', content: 'ID=example\n' }];
const app = [{ path: 'app', content: 'serve()' }];
const base = { config: {}, layers: [system] };

it.each<[string, object, object, readonly string[]]>([
  ['a base below', { layers: [system, app], base }, {}, []],
  ['another base', { layers: [app, system], base }, {}, ['not-below']],
  ['a base that is higher', { layers: [], base }, {}, ['not-below']],
  [
    'another digest',
    { layers: [system, app], base, annotations: { [digest]: 'sha256:0' } },
    {},
    ['digest-differs'],
  ],
  ['nothing named', {}, {}, []],
  ['nothing named where some are allowed', {}, { allow: ['docker.io/'] }, ['unnamed']],
  [
    'an allowed name',
    { annotations: { [name]: 'docker.io/library/debian:13' } },
    { allow: ['docker.io/library/'] },
    [],
  ],
  [
    'a name in a label',
    { config: { Labels: { [name]: 'quay.io/other' } } },
    { allow: ['docker.io/library/'] },
    ['not-allowed'],
  ],
  ['no list', {}, { allow: 'docker.io' }, ['config-invalid']],
])('says of %s what it is', async (_, recipe, options, ids) => {
  expect(await saidOf(check, { ...recipe }, { ...options })).toEqual(ids);
});
