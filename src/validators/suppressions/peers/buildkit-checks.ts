import type { DockerfileChecks } from './dockerfile-checks.ts';

const part = (rule: string, ...messages: readonly string[]) => [
  { rule: `dockerfile/${rule}`, messages },
];

/** The checks of BuildKit (https://docs.docker.com/reference/build-checks/). */
export const buildKit: DockerfileChecks = {
  ConsistentInstructionCasing: part('casing', 'keyword'),
  CopyIgnoredFile: part('copy-ignored', 'ignored'),
  DuplicateStageName: part('stage-name', 'duplicate'),
  ExposeInvalidFormat: part('expose-port', 'format'),
  ExposeProtoCasing: part('casing', 'protocol'),
  FromAsCasing: part('casing', 'as'),
  FromPlatformFlagConstDisallowed: part('platform', 'constant'),
  InvalidBaseImagePlatform:
    'what platforms a base image has stands in its registry, not in the Dockerfile',
  InvalidDefaultArgInFrom: part('base-image-argument', 'no-default'),
  InvalidDefinitionDescription: part('definition-description', 'other'),
  JSONArgsRecommended: part('exec-form', 'shell'),
  LegacyKeyValueFormat: part('key-value-format', 'legacy'),
  MaintainerDeprecated: part('maintainer', 'deprecated'),
  MultipleInstructionsDisallowed: part(
    ...(['single-instruction', 'cmd', 'entrypoint', 'healthcheck'] as const),
  ),
  NoEmptyContinuation: part('syntax', 'empty-continuation'),
  RedundantTargetPlatform: part('platform', 'redundant'),
  ReservedStageName: part('stage-name', 'reserved'),
  SecretsUsedInArgOrEnv: part('secret-in-variable', 'arg', 'env'),
  StageNameCasing: part('casing', 'stage'),
  UndefinedArgInFrom: part('base-image-argument', 'undeclared'),
  UndefinedVar: part('undefined-variable', 'undefined', 'perhaps'),
  WorkdirRelativePath: part('relative-workdir', 'unanchored'),
};
