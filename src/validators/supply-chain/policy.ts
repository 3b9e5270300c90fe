import { Fault } from '../../core/fault.ts';
import { objectOf } from '../../core/json.ts';
import { endOf } from '../../core/suppress.ts';
import { wordOf } from '../manifest/options.ts';
import { severities, type VulnerabilitySeverity } from './document.ts';
import { idsOf, type KnownVulnerability } from './known.ts';
import { durationOf } from './options.ts';
import { isAsGrave } from './severity.ts';

/** A vulnerability that somebody accepts, in the options of the rule. */
export interface Ignored {
  readonly id: string;
  /** Name of the only package it is accepted for. */
  readonly package: string | null;
  readonly reason: string;
  /** Last day in UTC, or the moment it ends; null for good. */
  readonly until: string | null;
}

export interface Policy {
  readonly severity: VulnerabilitySeverity;
  /** What becomes of vulnerabilities that nobody has fixed. */
  readonly unfixed: 'ignore' | 'warning' | 'error';
  /** Milliseconds since it was published in which a fix is not owed yet. */
  readonly grace: number;
  readonly ignore: readonly Ignored[];
}

export const policyOptions = {
  severity: 'lowest grade that counts: low, medium, high or critical; high by default',
  unfixed: 'ignore, warning or error for those without a fix; ignore by default',
  grace:
    'how long after its publication a vulnerability is a warning only, such as 7d; 0d by default',
  ignore:
    'list of {id, package, reason, until}: what is accepted; package and until may be left out',
} as const;

/** @throws Fault `config-invalid` naming the rule and the option */
export function policyOf(rule: string, options: Readonly<Record<string, unknown>>): Policy {
  return {
    severity: wordOf(rule, options, 'severity', severities) ?? 'high',
    unfixed: wordOf(rule, options, 'unfixed', ['ignore', 'warning', 'error']) ?? 'ignore',
    grace: durationOf(rule, options, 'grace', '0d'),
    ignore: ignoredIn(rule, options.ignore),
  };
}

function ignoredIn(rule: string, list: unknown): readonly Ignored[] {
  if (list === undefined) return [];
  const invalid = (expected: string) =>
    new Fault('config-invalid', `options of ${rule}: ignore: expected ${expected}`);
  if (!Array.isArray(list)) throw invalid('a list');
  return list.map((entry: unknown, at): Ignored => {
    const { id, package: name = null, reason, until = null, ...others } = objectOf(entry) ?? {};
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw invalid(`no '${unknown}' in entry ${at + 1}`);
    if (typeof id !== 'string' || id === '') throw invalid(`an id in entry ${at + 1}`);
    if (typeof reason !== 'string' || reason.trim() === '') throw invalid(`a reason for ${id}`);
    if (name !== null && typeof name !== 'string') throw invalid(`a name as package of ${id}`);
    // YAML reads a day without quotes as a text here, so both ways of writing it are one.
    if (until !== null && (typeof until !== 'string' || endOf(until) === undefined)) {
      throw invalid(`a day such as 2027-01-31 as until of ${id}`);
    }
    return { id, package: name, reason: reason.trim(), until };
  });
}

export const gravities = ['exploited', 'fixable', 'grace', 'unfixed', 'ungraded'] as const;
export type Gravity = (typeof gravities)[number];

/** Why a vulnerability is a finding; undefined when policy lets it pass. */
export function gravityOf(
  vulnerability: KnownVulnerability,
  policy: Policy,
  now: Date,
  exploited: ReadonlySet<string>,
): Gravity | undefined {
  const { severity, fixedIn, publishedAt } = vulnerability;
  if (vulnerability.exploited || idsOf(vulnerability).some((id) => exploited.has(id))) {
    return 'exploited';
  }
  // Nobody has looked at it yet, so it may be of any grade.
  if (severity === 'unknown') return fixedIn === null ? undefined : 'ungraded';
  if (!isAsGrave(severity, policy.severity)) return undefined;
  if (fixedIn === null) return policy.unfixed === 'ignore' ? undefined : 'unfixed';
  const age = publishedAt === null ? undefined : now.getTime() - publishedAt.getTime();
  return age !== undefined && age < policy.grace ? 'grace' : 'fixable';
}

export function ignoredBy(
  vulnerability: KnownVulnerability,
  { ignore }: Policy,
): Ignored | undefined {
  return ignore.find(
    (entry) =>
      idsOf(vulnerability).includes(entry.id) &&
      (entry.package === null || entry.package === vulnerability.package.name),
  );
}
