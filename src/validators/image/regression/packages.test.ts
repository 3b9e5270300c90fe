import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { imageOf } from '../testing.ts';
import { check } from './index.ts';

const status = (packages: Readonly<Record<string, string>>) => ({
  path: 'var/lib/dpkg/status',
  content: Object.entries(packages)
    .map(
      ([name, version]) => `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n`,
    )
    .join('\n'),
});
const withPackages = (packages: Readonly<Record<string, string>>) => ({
  config: { User: '7' },
  layers: [[status(packages)]],
});

async function said(
  now: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
) {
  const { config, layers } = withPackages(now);
  const image = await imageOf(config, layers, { earlier: withPackages(before) });
  const { findings } = await examine(check, image);
  return findings.map(({ messageId, message }) => [messageId, message]);
}

it('names packages that came, went and changed', async () => {
  expect(
    await said(
      { curl: '8.1', zlib1g: '1.3', less: '6' },
      { curl: '8.0', zlib1g: '1.3', nano: '7' },
    ),
  ).toEqual([
    ['new-packages', 'new since the release before, packages (1): less 6'],
    ['lost-packages', 'gone since the release before, packages (1): nano 7'],
    [
      'changed-packages',
      'of another version than in the release before, packages (1): curl 8.0 → 8.1',
    ],
  ]);
});

it('says nothing of the same packages', async () => {
  expect(await said({ curl: '8.1' }, { curl: '8.1' })).toEqual([]);
});

it('lists ten of many', async () => {
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`lib${at}`, '1']));
  const [[, message] = []] = await said(many, {});
  expect(message).toMatch(/^new since .*\(12\): .*; and 2 more$/);
});
