import { z } from 'zod';
import type { YamlDocument } from '../../../config/yaml-source.ts';
import type { Location, Severity } from '../../../core/finding.ts';
import { anywhere, type Suppression } from '../../../core/suppress.ts';
import { labelFormats } from '../../dockerfile/label-formats.ts';
import type { PeerNote, PeerWords } from './annotations.ts';
import { type DockerfileRule, rulesOfCheck } from './dockerfile-checks.ts';
import { isSaid } from './dockerfile-pragmas.ts';
import type { FileProblem } from './peer-file.ts';
import { readPeerYaml } from './peer-yaml.ts';

const levels = ['error', 'warning', 'info', 'style'] as const;
const codes = z.array(z.string());
const formats = z.enum(Object.keys(labelFormats) as [string, ...string[]]);

/**
 * Unknown keys are those of versions to come, as hadolint takes them
 * (https://github.com/hadolint/hadolint#configure).
 */
const format = z.looseObject({
  ignored: codes.nullish(),
  override: z
    .looseObject({
      error: codes.nullish(),
      warning: codes.nullish(),
      info: codes.nullish(),
      style: codes.nullish(),
    })
    .nullish(),
  trustedRegistries: z.union([z.string(), codes]).nullish(),
  'label-schema': z.record(z.string(), formats).nullish(),
  'strict-labels': z.boolean().nullish(),
  'failure-threshold': z.enum([...levels, 'ignore', 'none']).nullish(),
  'disable-ignore-pragma': z.boolean().nullish(),
});

/** What `.hadolint.yaml` says, by rules here. */
export interface HadolintFile extends PeerWords {
  readonly file: string;
  /** Severity by rule and message. */
  readonly severities: Readonly<Record<string, Readonly<Record<string, Severity>>>>;
  /** Options by rule. */
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The lowest severity that fails; undefined where it says nothing. */
  readonly threshold: Severity | 'none' | undefined;
  /** Comments for hadolint have no effect. */
  readonly isDeafToPragmas: boolean;
  /** Why nothing of it holds. */
  readonly problem?: FileProblem;
}

export const unread = (file: string): HadolintFile => ({
  file,
  ...{ suppressions: [], notes: [], severities: {}, options: {} },
  ...{ threshold: undefined, isDeafToPragmas: false },
});

/** The file from its text. */
export function understood(text: string, file: string): HadolintFile {
  const read = readPeerYaml(text, file, format);
  if (!read) return unread(file);
  if (!('said' in read)) return { ...unread(file), problem: read };
  const { said, document } = read;
  const ignored = (said.ignored ?? []).map((code, index) => ({
    code,
    where: placed(document, file, ['ignored', index]),
  }));
  const overridden = levels.flatMap((level) =>
    (said.override?.[level] ?? []).map((code, index) => ({
      ...{ code, level },
      where: placed(document, file, ['override', level, index]),
    })),
  );
  return {
    file,
    suppressions: ignored.flatMap(({ code, where }) =>
      (rulesOfCheck('hadolint', code) ?? []).map((rule) => ignoring(rule, file, where)),
    ),
    notes: [...ignored, ...overridden].flatMap(({ code, where }) => noteOf(code, where)),
    severities: severitiesOf(overridden),
    options: optionsOf(said),
    threshold: thresholdOf(said['failure-threshold'] ?? undefined),
    isDeafToPragmas: said['disable-ignore-pragma'] ?? false,
  };
}

const placed =
  (document: YamlDocument, file: string, path: readonly (string | number)[]) => (): Location => ({
    file,
    ...document.locate(path),
  });

function ignoring(rule: DockerfileRule, file: string, where: () => Location): Suppression {
  return {
    by: 'hadolint',
    rule: rule.rule,
    reason: `ignored of ${file}, no reason given`,
    reasonless: true,
    until: null,
    anchors: [anywhere],
    covers: ({ messageId }) => isSaid(rule, messageId),
    where,
    name: `ignored of ${file}`,
  };
}

function noteOf(code: string, where: () => Location): readonly PeerNote[] {
  const rules = rulesOfCheck('hadolint', code);
  if (rules && rules.length > 0) return [];
  const id = rules === undefined ? 'unknown-check' : 'no-counterpart';
  return [{ peer: 'hadolint', id, about: code, where }];
}

const severityOf = (level: (typeof levels)[number]): Severity =>
  level === 'style' ? 'info' : level;

/** All messages of a rule stand behind `*`. */
function severitiesOf(
  overridden: readonly { readonly code: string; readonly level: (typeof levels)[number] }[],
): HadolintFile['severities'] {
  const severities: Record<string, Record<string, Severity>> = {};
  for (const { code, level } of overridden) {
    for (const { rule, messages = ['*'] } of rulesOfCheck('hadolint', code) ?? []) {
      const own = severities[rule] ?? {};
      for (const message of messages) own[message] = severityOf(level);
      severities[rule] = own;
    }
  }
  return severities;
}

function optionsOf(said: z.infer<typeof format>): HadolintFile['options'] {
  const { trustedRegistries: trusted, 'label-schema': labels, 'strict-labels': strict } = said;
  const allow = typeof trusted === 'string' ? [trusted] : (trusted ?? []);
  return {
    ...(allow.length > 0 && { 'dockerfile/base-image-registry': { allow } }),
    ...((labels || strict) && {
      'dockerfile/label-schema': { ...(labels && { labels }), ...(strict && { strict }) },
    }),
  };
}

function thresholdOf(
  level: (typeof levels)[number] | 'ignore' | 'none' | undefined,
): HadolintFile['threshold'] {
  if (level === undefined || level === 'none') return level;
  return level === 'ignore' ? 'info' : severityOf(level);
}
