import type { Finding, Location, ObjectRef } from './finding.ts';

/** What can say that a finding is accepted. */
export const suppressors = [
  'comment',
  'annotation',
  'configuration',
  'baseline',
  'kube-linter',
  'kube-score',
  'polaris',
  'trivy',
  'dockle',
  'hadolint',
  'buildkit',
  'gitleaks',
] as const;
export type Suppressor = (typeof suppressors)[number];

/** One thing that somebody wrote so that findings of a rule are listed apart and count for nothing. */
export interface Suppression {
  readonly by: Suppressor;
  /** Id of the rule. */
  readonly rule: string;
  readonly reason: string;
  /** The last day, or the moment it ends; null for a suppression that does not end. */
  readonly until: string | null;
  /** Findings with any of these may be meant; {@link anywhere} is an anchor of all. */
  readonly anchors: readonly string[];
  /** What has to hold besides rule and anchor. */
  covers?(finding: Finding): boolean;
  /** Where it is written; asked for only when something is said about it. */
  where(): Location;
  /** As messages call it. */
  readonly name: string;
  readonly object?: ObjectRef | undefined;
  /** The tool that it was written for asks for no reason, and none was given. */
  readonly reasonless?: boolean;
}

/** A finding that is not counted, and who said so. */
export interface SuppressedFinding {
  readonly finding: Finding;
  readonly by: Suppressor;
  readonly where: Location;
  readonly reason: string;
  readonly until: string | null;
}

export const anywhere = '';
export const lineAnchor = (file: string, line: number): string => `line\0${file}\0${line}`;
export const objectAnchor = (file: string, object: ObjectRef): string =>
  ['object', file, object.apiVersion, object.kind, object.namespace ?? '', object.name].join('\0');
export const fingerprintAnchor = (fingerprint: string): string => `fingerprint\0${fingerprint}`;

/** Whether a suppression may hold for the findings of a rule. */
export type Standing =
  | 'holds'
  /** Nothing suppresses them: secrets, damaged images, and what is said about suppressions. */
  | 'never'
  /** In a checklist a critical rule wants a waiver. */
  | 'critical';

export interface Suppressing {
  /** What is left and counts. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** Suppressions that something was found for, whether they held or not. */
  readonly met: ReadonlySet<Suppression>;
  /** Those that did not hold for what they met. */
  readonly refused: ReadonlyMap<Suppression, Exclude<Standing, 'holds'>>;
}

/**
 * Sets aside what suppressions cover. A suppression that has ended covers nothing, and a finding with a
 * waiver stays where it is. Of several that cover one finding the first is named.
 */
export function suppress(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  { now, standing }: { readonly now: Date; readonly standing: (rule: string) => Standing },
): Suppressing {
  const inForce = suppressions.filter((suppression) => !hasEnded(suppression, now));
  const byAnchor = new Map<string, Suppression[]>();
  for (const suppression of inForce) {
    for (const anchor of suppression.anchors) {
      const key = `${suppression.rule}\0${anchor}`;
      const sharing = byAnchor.get(key);
      if (sharing) sharing.push(suppression);
      else byAnchor.set(key, [suppression]);
    }
  }
  const kept: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  const met = new Set<Suppression>();
  const refused = new Map<Suppression, Exclude<Standing, 'holds'>>();
  for (const finding of findings) {
    const covering = anchorsOf(finding)
      .flatMap((anchor) => byAnchor.get(`${finding.check}\0${anchor}`) ?? [])
      .filter((suppression) => suppression.covers?.(finding) ?? true);
    for (const suppression of covering) met.add(suppression);
    const [first] = covering;
    const stands = standing(finding.check);
    if (first && stands !== 'holds') {
      for (const suppression of covering) refused.set(suppression, stands);
    }
    if (!first || stands !== 'holds' || finding.waivedBy !== null) {
      kept.push(finding);
      continue;
    }
    const { by, reason, until } = first;
    suppressed.push({ finding, by, where: first.where(), reason, until });
  }
  return { findings: kept, suppressed, met, refused };
}

/** From the most exact to the widest: that is the order in which suppressions are named. */
function anchorsOf({ location, object, fingerprint }: Finding): string[] {
  const { file, line } = location;
  return [
    ...(file !== undefined && line !== undefined ? [lineAnchor(file, line)] : []),
    ...(file !== undefined && object ? [objectAnchor(file, object)] : []),
    anywhere,
    fingerprintAnchor(fingerprint),
  ];
}

export function hasEnded({ until }: Pick<Suppression, 'until'>, now: Date): boolean {
  return until !== null && (endOf(until)?.getTime() ?? 0) <= now.getTime();
}

const dayMs = 24 * 3_600_000;

/** When a day that is named as the last one is over, in UTC, or the moment itself; undefined for neither. */
export function endOf(until: string): Date | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(until);
  if (!day && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z$/.test(until))
    return undefined;
  const start = new Date(day ? `${until}T00:00:00.000Z` : until);
  // The parser takes February 30 for the second of March.
  if (Number.isNaN(start.getTime()) || !start.toISOString().startsWith(until.slice(0, 10))) {
    return undefined;
  }
  return day ? new Date(start.getTime() + dayMs) : start;
}
