import type { Check } from '../../../core/check.ts';
import { Fault } from '../../../core/fault.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Dockerfile, lastStage, lineage, ofKeyword } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import type { Pair } from '../instruction.ts';
import { type LabelFormat, labelFormats } from '../label-formats.ts';

const id = 'dockerfile/label-schema';

/** Labels that a project wants. Option `labels`: format by key; option `strict`: no others. */
export const check: Check<Dockerfile> = {
  id,
  title: 'Labels are as the project wants them',
  severity: 'warning',
  preset: 'strict',
  critical: false,
  item: 'provenance',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Whoever runs an image finds its source, version and owner by its labels, and finds nothing where they are missing or wrong.',
    messages: {
      missing: 'the label {{key}} is missing',
      superfluous: 'the label {{key}} is none of those that the project has',
      empty: 'the label {{key}} is empty',
      url: 'the label {{key}} is no URL',
      rfc3339: 'the label {{key}} is no time as RFC 3339 has it',
      spdx: 'the label {{key}} is no licence expression of SPDX',
      hash: 'the label {{key}} is no hash of a git commit',
      semver: 'the label {{key}} is no semantic version',
      email: 'the label {{key}} is no e-mail address',
    },
    remediation: 'Set the label in the last stage, with a value of the format named.',
    options: {
      labels:
        'format by key (`text`, `url`, `rfc3339`, `spdx`, `hash`, `semver`, `email`); that of `label-schema` in .hadolint.yaml when not given, otherwise the rule says nothing',
      strict: 'true allows no other labels',
    },
    bad: {
      language: 'dockerfile',
      options: { labels: { version: 'semver', source: 'url' } },
      text: 'FROM alpine:3.22\nLABEL version=latest\n',
      findings: [
        { messageId: 'semver', line: 2, column: 15 },
        { messageId: 'missing', line: 1, column: 1 },
      ],
    },
    good: {
      language: 'dockerfile',
      options: { labels: { version: 'semver', source: 'url' } },
      text: 'FROM alpine:3.22\nLABEL version=1.2.3 source=https://example.com/shop\n',
      findings: [],
    },
    references: ['https://github.com/opencontainers/image-spec/blob/main/annotations.md'],
  },
  run({ target, options, skip }) {
    const schema = schemaOf(options.labels);
    const strict = options.strict === true;
    if (!schema && !strict) {
      skip('it has no option `labels`, which names them');
      return [];
    }
    const wanted = schema ?? new Map<string, LabelFormat>();
    const stages = lineage(lastStage(target));
    const pairs = stages
      .flatMap(({ instructions }) => ofKeyword(instructions, 'LABEL'))
      .flatMap((label) => label.pairs);
    const found = new Set(pairs.map(({ name }) => name.value));
    const place = lastStage(target)?.from.place ?? { line: 1, column: 1 };
    return [
      ...pairs.flatMap((pair) => ofPair(target, pair, wanted, strict)),
      ...[...wanted.keys()]
        .filter((key) => !found.has(key))
        .map((key) => draftAt(target, place, 'missing', { key })),
    ];
  },
};

function ofPair(
  target: Dockerfile,
  { name, value }: Pair,
  wanted: ReadonlyMap<string, LabelFormat>,
  strict: boolean,
): Draft[] {
  const key = name.value;
  const format = wanted.get(key);
  if (format === undefined) {
    return strict ? [draftAt(target, name.place, 'superfluous', { key })] : [];
  }
  const place = value?.place ?? name.place;
  const text = value?.value ?? '';
  if (text === '') return [draftAt(target, place, 'empty', { key })];
  // Only a build knows what a variable holds.
  if (text.includes('$') || labelFormats[format](text)) return [];
  return [draftAt(target, place, format, { key })];
}

/** @throws Fault `config-invalid` */
function schemaOf(labels: unknown): ReadonlyMap<string, LabelFormat> | undefined {
  if (labels === undefined) return undefined;
  const wrong = new Fault(
    'config-invalid',
    `rules.options: ${id}: labels has to give each key one of ${Object.keys(labelFormats).join(', ')}`,
  );
  if (labels === null || typeof labels !== 'object' || Array.isArray(labels)) throw wrong;
  return new Map(
    Object.entries(labels).map(([key, format]) => {
      if (!isFormat(format)) throw wrong;
      return [key, format];
    }),
  );
}

const isFormat = (format: unknown): format is LabelFormat =>
  typeof format === 'string' && Object.hasOwn(labelFormats, format);
