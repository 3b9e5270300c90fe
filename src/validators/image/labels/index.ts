import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Image, requireConfig } from '../image.ts';
import { textsOf } from '../options.ts';
import { configLocation, recipe } from '../places.ts';
import { formats } from './formats.ts';

const id = 'image/labels';
const prefix = 'org.opencontainers.image.';
const usual = ['revision', 'source', 'version', 'title'].map((name) => `${prefix}${name}`);

const labels = {
  'org.opencontainers.image.revision': 'd387baeb21cc52a6a0a7a9a4c6c1b6b0a7a3f3ab',
  'org.opencontainers.image.source': 'https://git.example.com/shop',
  'org.opencontainers.image.title': 'shop',
  'org.opencontainers.image.version': '2.0.0',
};

/** Options `required` and `allow`: names of labels that have to be there, and of all that may be. */
export const check: Check<Image> = {
  id,
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
      malformed: 'the label {{label}} is to be {{expected}}, and is something else',
      disagrees: 'the label {{label}} and the annotation of that name say different things',
      superfluous: 'the label {{label}} is not among those that are allowed',
    },
    remediation:
      'Set the label at build time, for example `docker build --label org.opencontainers.image.revision=$(git rev-parse HEAD)`.',
    options: {
      required: 'names of labels; revision, source, version and title of OCI when not given',
      allow:
        'names of all labels that may be there, `*` at the end stands for any; any may when not given',
    },
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
    const { target, options } = context;
    const present = requireConfig(context).labels;
    const annotations = target.annotations ?? {};
    const location = configLocation(target, 'config.Labels');
    const draft = (messageId: string, label: string, more = {}): Draft => ({
      messageId,
      data: { label: label.slice(0, 200), ...more },
      location,
    });
    const required = textsOf(id, options, 'required') ?? usual;
    const allowed = textsOf(id, options, 'allow');
    return [
      ...required.flatMap((label) => {
        // An annotation of the manifest tells the same to whoever has the image.
        const value = present[label] ?? annotations[label];
        if (value?.trim()) return [];
        return [draft(value === undefined ? 'missing' : 'empty', label)];
      }),
      ...Object.entries(present).flatMap(([label, value]) => [
        ...malformed(label, value).map((expected) => draft('malformed', label, { expected })),
        ...(label.startsWith(prefix) && (annotations[label] ?? value) !== value
          ? [draft('disagrees', label)]
          : []),
        ...(allowed && !allowed.some((one) => fits(one, label))
          ? [draft('superfluous', label)]
          : []),
      ]),
    ];
  },
};

function malformed(label: string, value: string): string[] {
  const name = label.startsWith(prefix) ? label.slice(prefix.length) : '';
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  return format && value.trim() !== '' && !format.fits(value) ? [format.expected] : [];
}

function fits(pattern: string, label: string): boolean {
  return pattern.endsWith('*') ? label.startsWith(pattern.slice(0, -1)) : label === pattern;
}
