import { expect, it } from 'vitest';
import type { Check } from '../../../src/core/check.ts';
import { minorOf } from '../../../src/validators/manifest/lifecycle.ts';
import type { ManifestSet } from '../../../src/validators/manifest/load.ts';
import { examine, setOf } from '../../../src/validators/manifest/testing.ts';
import { checks } from '../../../src/validators/registry.ts';
import { type Fixture, fixturesOf } from './pod-security-data.ts';

/** Which rules stand for a check of the evaluator, by the names of its files; one of them has to find it. */
type RulesOfChecks = Readonly<Record<string, readonly string[]>>;

const baseline: RulesOfChecks = {
  apparmorprofile: ['apparmor'],
  capabilities_baseline: ['added-capabilities'],
  hostnamespaces: ['host-namespaces'],
  hostpathvolumes: ['host-path'],
  hostports: ['host-port'],
  hostprobesandhostlifecycle: ['host-probe'],
  privileged: ['privileged'],
  procmount: ['proc-mount'],
  seccompprofile_baseline: ['seccomp-unconfined'],
  selinuxoptions: ['selinux'],
  sysctls: ['sysctls'],
  windowshostprocess: ['windows-host-process'],
};
const restricted: RulesOfChecks = {
  ...baseline,
  procmount_restricted: ['proc-mount-restricted'],
  allowprivilegeescalation: ['privilege-escalation'],
  capabilities_restricted: ['drop-capabilities'],
  restrictedvolumes: ['volume-types', 'host-path'],
  runasnonroot: ['run-as-non-root'],
  runasuser: ['run-as-non-root'],
  seccompprofile_restricted: ['seccomp-profile', 'seccomp-unconfined'],
};

/** Its data are those of all versions up to Kubernetes 1.37. */
const release = 'v0.37.1';

/** The oldest minor version whose schemas are here. */
const oldest = 23;

it.each([
  ['baseline', baseline],
  ['restricted', restricted],
] as const)(
  'rules find what the level %s refuses, and nothing in what it takes',
  async (level, rulesOf) => {
    const ids = Object.values(rulesOf).flat();
    const rules = checks.filter(isOfManifests).filter(({ id }) => ids.includes(nameOf(id)));
    expect(rules).toHaveLength(new Set(ids).size);
    const fixtures = (await fixturesOf(level, release)).filter(
      ({ version }) => (minorOf(version) ?? 0) >= oldest,
    );
    expect(fixtures.length).toBeGreaterThan(400);
    const wrong: string[] = [];
    for (const fixture of fixtures) {
      const found = await findingsOf(rules, fixture);
      const wanted = rulesOf[checkOf(fixture)] ?? [];
      const isRight =
        fixture.expected === 'pass'
          ? found.length === 0
          : wanted.some((rule) => found.includes(rule));
      if (!isRight) wrong.push(`${level}/${fixture.file}: ${found.join(', ') || 'nothing'}`);
    }
    expect(wrong).toEqual([]);
  },
  300_000,
);

const isOfManifests = (check: Check): check is Check<ManifestSet> =>
  check.appliesTo === 'manifestSet';

const nameOf = (id: string): string => id.replace(/^manifest\//, '');

/** `hostports` of `v1.34/fail/hostports1.yaml`. */
const checkOf = ({ file }: Fixture): string => file.replace(/^.*\//, '').replace(/\d*\.yaml$/, '');

async function findingsOf(
  rules: readonly Check<ManifestSet>[],
  { text, version }: Fixture,
): Promise<readonly string[]> {
  const set = { ...setOf(text), kubeVersions: [version.slice(1)] };
  const found: string[] = [];
  for (const rule of rules) {
    if ((await examine(rule, set)).seen.length > 0) found.push(nameOf(rule.id));
  }
  return found;
}
