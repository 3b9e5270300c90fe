import { describe, expect, it } from 'vitest';
import { dockerfileOf } from '../../dockerfile/testing.ts';
import { checks } from '../../registry.ts';
import { examine } from '../testing.ts';
import { type DockerfileChecks, dockerfileChecks } from './dockerfile-checks.ts';

const only = checks.filter(({ appliesTo }) => appliesTo === 'dockerfile').map(({ id }) => id);

async function judged(text: string) {
  const { run, suppressed, said, reasons } = await examine(dockerfileOf(text), { only });
  const left = run.findings
    .filter(({ check }) => check.startsWith('dockerfile/'))
    .map(({ check, location: { line } }) => `${check.split('/')[1]} ${line}`);
  return { left, suppressed, said, reasons };
}

describe('comments for hadolint', () => {
  it.each([
    ['the instruction below', '# hadolint ignore=DL3006\nFROM a\nFROM b\n', ['base-image-tag 3']],
    [
      'all of its lines',
      'FROM a:1\n#hadolint   ignore = DL3004,DL4006 # why\nRUN a \\\n | sudo b\n',
      [],
    ],
    ['past other comments', '# hadolint ignore=DL3006\n# more\nFROM a\n', []],
    ['not past an empty line', '# hadolint ignore=DL3006\n\nFROM a\n', ['base-image-tag 3']],
    [
      'the whole file',
      'FROM a\nRUN a | b\n# hadolint global ignore=DL3006, DL4006\nRUN a | b\nFROM c\n',
      [],
    ],
    ['what a code asks alone', '# hadolint ignore=DL3007\nFROM a\n', ['base-image-tag 2']],
    ['nothing when misspelt', '# hadolint ignore DL3006\nFROM a\n', ['base-image-tag 2']],
    [
      'nothing in a document',
      'FROM a:1\nRUN <<EOF\n# hadolint ignore=DL4006\na | b\nEOF\n',
      ['pipefail 4'],
    ],
  ])('cover %s', async (_, text, expected) => {
    expect((await judged(text)).left).toEqual(expected);
  });

  it('give the words behind the second sign as a reason', async () => {
    const { reasons, said } = await judged(
      '# hadolint ignore=DL3006 # the vendor has no other\nFROM a\n',
    );
    expect([reasons, said]).toEqual([['the vendor has no other'], []]);
  });
});

describe('comments for BuildKit', () => {
  it.each([
    ['the file at its top', '# check=skip=JSONArgsRecommended\nFROM a:1\nCMD a\n', []],
    [
      'several checks',
      '# syntax=docker/dockerfile:1\n# check=skip=JSONArgsRecommended,SecretsUsedInArgOrEnv;error=true\nFROM a:1\nENV TOKEN=1\nCMD a\n',
      [],
    ],
    ['all checks of BuildKit', '# check=skip=all\nFROM a\nCMD a\n', ['base-image-tag 2']],
    [
      'an instruction',
      'FROM a:1\n# check=skip=JSONArgsRecommended\nCMD a\nENTRYPOINT b\n',
      ['exec-form 4'],
    ],
    ['nothing with error alone', '# check=error=true\nFROM a:1\nCMD a\n', ['exec-form 3']],
  ])('cover %s', async (_, text, expected) => {
    expect((await judged(text)).left).toEqual(expected);
  });

  it('say what is no check', async () => {
    const { said } = await judged('# check=skip=Nothing,InvalidBaseImagePlatform\nFROM a:1\n');
    expect(said.map((one) => one.split(' ')[0])).toEqual(['unknown-check', 'no-counterpart']);
  });
});

describe('our own comments', () => {
  it('cover an instruction, by rule, and tell when they cover nothing', async () => {
    const { left, suppressed, said } = await judged(
      '# deploycheck-ignore dockerfile/base-image-tag -- built here\nFROM a\nRUN x \\\n  # deploycheck-ignore dockerfile/pipefail, dockerfile/sudo -- known\n  | y\n',
    );
    expect(left).toEqual([]);
    expect(suppressed).toEqual([
      'dockerfile/base-image-tag  comment',
      'dockerfile/pipefail  comment',
    ]);
    expect(said.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual(['unused 4:3']);
  });
});

describe.each(Object.entries(dockerfileChecks))(
  'the checks of %s',
  (_, table: DockerfileChecks) => {
    const byId = new Map(checks.map((check) => [check.id, check]));

    it('name rules and messages that there are', () => {
      const wrong = Object.entries(table).flatMap(([code, rules]) =>
        typeof rules === 'string'
          ? []
          : rules.flatMap(({ rule, messages = [] }) => {
              const known = byId.get(rule)?.meta.messages;
              return known && messages.every((one) => Object.hasOwn(known, one)) ? [] : [code];
            }),
      );
      expect(wrong).toEqual([]);
    });
  },
);

it('covers what matters of hadolint, and all of BuildKit but what a registry knows', () => {
  const without = (table: DockerfileChecks, pattern: RegExp) =>
    Object.entries(table).filter(
      ([code, rules]) => pattern.test(code) && typeof rules === 'string',
    );
  expect(without(dockerfileChecks.hadolint, /^DL/).map(([code]) => code)).toEqual(['DL1001']);
  expect(Object.keys(dockerfileChecks.buildkit)).toHaveLength(22);
  expect(without(dockerfileChecks.buildkit, /./).map(([name]) => name)).toEqual([
    'InvalidBaseImagePlatform',
  ]);
});
