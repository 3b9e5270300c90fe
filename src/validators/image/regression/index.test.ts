import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { imageOf, saidOf } from '../testing.ts';
import { check } from './index.ts';

const config = {
  User: '7',
  Env: ['PATH=/bin', 'MODE=production'],
  ExposedPorts: { '8080/tcp': {} },
  Volumes: { '/data': {} },
  Entrypoint: ['/app'],
  Healthcheck: { Test: ['CMD', '/app'] },
};
const tool = { path: 'bin/tool', mode: '0755', content: 'x' };
const earlier = { config, layers: [[tool]] };
const changed = (more: object) => ({ config: { ...config, ...more }, layers: [[tool]], earlier });

it.each<[string, object, readonly string[]]>([
  ['nothing', changed({}), []],
  ['root', changed({ User: '0' }), ['became-root']],
  ['another user', changed({ User: '8' }), ['user']],
  ['another program', changed({ Entrypoint: ['/other'] }), ['entrypoint']],
  ['another argument', changed({ Entrypoint: ['/app', '-v'] }), []],
  ['another folder', changed({ WorkingDir: '/srv' }), ['working-directory']],
  ['another signal', changed({ StopSignal: 'SIGQUIT' }), ['stop-signal']],
  ['no health check', changed({ Healthcheck: null }), ['health-check']],
  ['ports', changed({ ExposedPorts: { '9090/tcp': {} } }), ['new-port', 'lost-port']],
  ['volumes', changed({ Volumes: {} }), ['lost-volume']],
  ['variables', changed({ Env: ['PATH=/usr/bin', 'LEVEL=1'] }), ['new-variable', 'lost-variable']],
  ['a platform', { ...changed({}), architecture: 'arm64' }, ['platform']],
  ['rights', { ...changed({}), layers: [[{ ...tool, mode: '4755' }]] }, ['new-rights']],
  [
    'rights that were there',
    {
      ...changed({}),
      layers: [[{ ...tool, mode: '4755' }]],
      earlier: { config, layers: [[{ ...tool, mode: '4755' }]] },
    },
    [],
  ],
  [
    'size',
    { ...changed({}), layers: [[tool, { path: 'a', content: 'x'.repeat(6_000_000) }]] },
    ['grown'],
  ],
  [
    'a damaged image before',
    { ...changed({}), earlier: { ...earlier, cut: true } },
    ['image-damaged'],
  ],
  ['no image before', { config, layers: [[tool]] }, ['skipped']],
])('tells of %s', async (_, recipe, ids) => {
  expect(await saidOf(check, { ...recipe })).toEqual(ids);
});

it('shows names of variables and no values', async () => {
  const said = await saidOf(check, changed({ Env: ['API_TOKEN=open-sesame'] }));
  expect(said).toContain('new-variable');
  const image = await imageOf({ Env: ['API_TOKEN=open-sesame'] }, [], {
    earlier: { config: {}, layers: [] },
  });
  const { findings } = await examine(check, image);
  expect(JSON.stringify(findings)).not.toContain('sesame');
});
