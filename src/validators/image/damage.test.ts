import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../core/check.ts';
import { examine } from '../secret/testing.ts';
import { targetOfExample } from './examples.ts';
import type { Image } from './image.ts';

const folders = (await readdir(import.meta.dirname, { withFileTypes: true })).filter(
  (entry) => entry.isDirectory() && existsSync(`${import.meta.dirname}/${entry.name}/index.ts`),
);
const rules = await Promise.all(
  folders.map(async ({ name }) => {
    const module: { check: Check<Image> } = await import(`./${name}/index.ts`);
    return { name, check: module.check };
  }),
);

/** What these ask, the config answers whatever the layers are. */
const ofConfig = new Set([
  'image/base-image',
  'image/build-steps',
  'image/labels',
  'image/non-root',
]);

describe.each(rules)('$name', ({ name, check }) => {
  it('never passes an image it could not read', async () => {
    const example = check.meta.good;
    const image = await targetOfExample({
      ...example,
      text: example.text.replace('{', '{"cut":true,'),
    });
    if (image.damage.length === 0) return;
    const { outcomes } = await examine(check, image);
    const decidedByConfig = ofConfig.has(check.id);
    expect(outcomes[0]?.outcome).not.toBe(decidedByConfig ? 'findings' : 'pass');
  });

  it('never passes an image without a config', async () => {
    const whole = await targetOfExample(check.meta.good);
    const damage = {
      blob: whole.digest,
      part: 'config',
      kind: 'missing',
      message: 'it is gone',
    } as const;
    const image: Image = { ...whole, config: null, layers: [], damage: [damage] };
    const { outcomes } = await examine(check, image);
    expect(outcomes[0]).toMatchObject(
      name === 'integrity'
        ? { outcome: 'findings', fault: null }
        : { outcome: 'inconclusive', fault: { code: 'image-damaged' } },
    );
  });
});
