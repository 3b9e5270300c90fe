import type { Check } from '../../../core/check.ts';
import { type Image, requireConfig } from '../image.ts';
import { configLocation, recipe } from '../places.ts';

const required = ['revision', 'source', 'version', 'title'].map(
  (name) => `org.opencontainers.image.${name}`,
);

const labels = {
  'org.opencontainers.image.revision': 'd387baeb21cc52a6a0a7a9a4c6c1b6b0a7a3f3ab',
  'org.opencontainers.image.source': 'https://git.example.com/shop',
  'org.opencontainers.image.title': 'shop',
  'org.opencontainers.image.version': '2.0.0',
};

export const check: Check<Image> = {
  id: 'image/labels',
  title: 'The image says what it was built from',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'At three in the morning the image is all there is: without revision and source nobody can tell which code runs, or what the release before it was.',
    messages: {
      missing: 'the label {{label}} is missing',
      empty: 'the label {{label}} is empty',
    },
    remediation:
      'Set the label at build time, for example `docker build --label org.opencontainers.image.revision=$(git rev-parse HEAD)`.',
    bad: {
      language: 'image-recipe',
      text: recipe({
        config: { Labels: { ...labels, 'org.opencontainers.image.revision': '' } },
        layers: [],
      }),
      findings: [{ messageId: 'empty' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: { Labels: labels }, layers: [] }),
      findings: [],
    },
    references: ['https://github.com/opencontainers/image-spec/blob/main/annotations.md'],
  },
  run(context) {
    const present = requireConfig(context).labels;
    const location = configLocation(context.target, 'config.Labels');
    return required.flatMap((label) => {
      const value = present[label];
      if (value?.trim()) return [];
      return [{ messageId: value === undefined ? 'missing' : 'empty', data: { label }, location }];
    });
  },
};
