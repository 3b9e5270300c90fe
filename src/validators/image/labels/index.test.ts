import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { imageOf } from '../testing.ts';
import { check } from './index.ts';

it('names every label that is missing or empty', async () => {
  const image = await imageOf({
    Labels: { 'org.opencontainers.image.title': 'shop', 'org.opencontainers.image.version': ' ' },
  });
  const { findings } = await examine(check, image);
  expect(findings.map(({ message, severity }) => [severity, message])).toEqual([
    ['warning', 'the label org.opencontainers.image.revision is missing'],
    ['warning', 'the label org.opencontainers.image.source is missing'],
    ['warning', 'the label org.opencontainers.image.version is empty'],
  ]);
});
