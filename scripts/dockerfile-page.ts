import { buildKit } from '../src/validators/suppressions/peers/buildkit-checks.ts';
import type { DockerfileChecks } from '../src/validators/suppressions/peers/dockerfile-checks.ts';
import { hadolint } from '../src/validators/suppressions/peers/hadolint-checks.ts';
import type { Generated } from './generated.ts';

const rule = (name: string, ...messages: readonly string[]) => [
  { rule: `dockerfile/${name}`, ...(messages.length > 0 && { messages }) },
];

/** Trivy's checks of Dockerfiles, by the names of their files (https://github.com/aquasecurity/trivy-checks). */
const trivy: DockerfileChecks = {
  add_instead_of_copy: rule('add-instead-of-copy', 'copy'),
  apt_get_missing_no_install_recommends: rule('package-recommends'),
  apt_get_missing_yes_flag_to_avoid_manual_input: rule('package-confirmation', 'apt-get'),
  copy_from_references_current_from_alias: rule('stage-reference', 'own'),
  copy_with_more_than_two_arguments_not_ending_with_slash: rule(
    'copy-destination',
    'several-to-one',
  ),
  latest_tag: rule('base-image-tag'),
  leaked_secrets: rule('secret-in-variable'),
  maintainer_is_deprecated: rule('maintainer'),
  missing_apk_no_cache: rule('package-cache', 'apk'),
  missing_dnf_clean_all: rule('package-cache', 'dnf'),
  missing_microdnf_clean_all: rule('package-cache', 'dnf'),
  missing_zypper_clean: rule('package-cache', 'zypper'),
  multiple_cmd_instructions_listed: rule('single-instruction', 'cmd'),
  multiple_entrypoint_instructions_listed: rule('single-instruction', 'entrypoint'),
  multiple_healthcheck_instructions: rule('single-instruction', 'healthcheck'),
  no_healthcheck_instruction: rule('health-check'),
  port22: rule('expose-port', 'ssh'),
  prevent_sys_workdir_mounts: rule('relative-workdir', 'system'),
  root_user: rule('root-user'),
  run_apt_get_dist_upgrade: rule('distribution-upgrade', 'apt'),
  run_command_cd_instead_of_workdir: rule('change-directory'),
  run_pipefail: rule('pipefail'),
  run_using_sudo: rule('sudo'),
  run_using_wget_and_curl: rule('two-downloaders'),
  same_alias_in_different_froms: rule('stage-name', 'duplicate'),
  unix_ports_out_of_range: rule('expose-port', 'range'),
  update_instruction_alone: rule('package-lists'),
  workdir_path_not_absolute: rule('relative-workdir', 'unanchored', 'relative'),
  yum_clean_all_missing: rule('package-cache', 'yum'),
};

const parts: readonly { readonly name: string; readonly checks: DockerfileChecks }[] = [
  { name: 'BuildKit', checks: buildKit },
  { name: 'hadolint', checks: only(hadolint, /^DL/) },
  { name: 'ShellCheck, as far as hadolint names it', checks: only(hadolint, /^SC/) },
  { name: 'Trivy', checks: trivy },
];

function only(checks: DockerfileChecks, pattern: RegExp): DockerfileChecks {
  return Object.fromEntries(Object.entries(checks).filter(([code]) => pattern.test(code)));
}

/** What other tools ask of Dockerfiles, and the rule that asks the same. */
export function dockerfilePage(): Generated {
  const text = [
    '# What is asked of Dockerfiles, and by which rule',
    '',
    'Every check of BuildKit, hadolint and Trivy on Dockerfiles, and the rule that asks the same here; the',
    'names are those of rules in the family `dockerfile/`, with the messages that count where not all do.',
    'Presets are on the [page of each rule](rules/README.md).',
    ...parts.flatMap(section),
    '',
  ].join('\n');
  return { file: 'docs/coverage-dockerfiles.md', text };
}

function section({ name, checks }: (typeof parts)[number]): string[] {
  const entries = Object.entries(checks);
  const without = entries.filter(([, rules]) => typeof rules === 'string').length;
  return [
    '',
    `## ${name}`,
    '',
    `${entries.length} checks, ${entries.length - without} with a rule, ${without} left out.`,
    '',
    '| check | answered by |',
    '| --- | --- |',
    ...entries.map(([code, rules]) => `| ${code} | ${answer(rules)} |`),
  ];
}

function answer(rules: DockerfileChecks[string]): string {
  if (typeof rules === 'string') return `left out: ${rules}`;
  return rules
    .map(({ rule: id, messages }) => {
      const name = `\`${id.slice('dockerfile/'.length)}\``;
      return messages ? `${name} (${messages.join(', ')})` : name;
    })
    .join(', ');
}
