import type { Check } from '../../../core/check.ts';
import { isDigest } from '../../../core/digest.ts';
import { namedBase } from '../base.ts';
import { type Image, requireConfig } from '../image.ts';
import { configLocation, recipe } from '../places.ts';

const name = 'org.opencontainers.image.base.name';
const digest = 'org.opencontainers.image.base.digest';
const known = { [name]: 'registry.example/base:3', [digest]: `sha256:${'5e'.repeat(32)}` };

export const check: Check<Image> = {
  id: 'image/base-digest',
  title: 'The image names its base by digest',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'provenance',
  appliesTo: 'image',
  meta: {
    why: 'When a base turns out to be bad, its digest tells which images stand on it. A name alone means another image next week.',
    messages: {
      missing: 'neither annotation nor label says what the image is built on ({{key}})',
      malformed: '{{key}} is {{value}}, which is no digest',
    },
    remediation:
      'Let the build write the annotations (BuildKit: `--annotation`), or labels of the same names.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [], annotations: { [name]: known[name] } }),
      findings: [{ messageId: 'missing' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [], annotations: known }),
      findings: [],
    },
    references: ['https://github.com/opencontainers/image-spec/blob/main/annotations.md'],
  },
  run(context) {
    const { target } = context;
    requireConfig(context);
    const value = namedBase(target).digest;
    const location = configLocation(target, digest);
    if (value === undefined) return [{ messageId: 'missing', data: { key: digest }, location }];
    if (isDigest(value)) return [];
    const shown = value.slice(0, 80);
    return [{ messageId: 'malformed', data: { key: digest, value: shown }, location }];
  },
};
