import { fingerprintOf, type Location } from '../../../core/finding.ts';
import { fingerprintAnchor, type Suppression } from '../../../core/suppress.ts';
import type { Target } from '../../../core/target.ts';
import { type ImageEvidence, trusted } from '../../supply-chain/evidence.ts';
import {
  identityOf,
  type KnownVulnerability,
  knownVulnerabilities,
} from '../../supply-chain/known.ts';
import { gravities } from '../../supply-chain/policy.ts';
import type { PeerNote } from './annotations.ts';
import type { TrivyFiles } from './find-trivy-files.ts';
import { covers, type IgnoreEntry, readTrivyIgnore, readTrivyIgnoreYaml } from './trivy-ignore.ts';

/** The files from their texts, by name. */
export function understood(
  texts: ReadonlyMap<string, string>,
  problems: TrivyFiles['problems'],
): TrivyFiles {
  const files = [...texts].map(([name, text]) =>
    name.endsWith('.yaml') ? readTrivyIgnoreYaml(text, name) : readTrivyIgnore(text, name),
  );
  const entries = files.flatMap((file) => file.entries);
  // What is said of a target is compared by identity later, so it is worked out once.
  const ofTargets = new WeakMap<ImageEvidence, readonly Suppression[]>();
  return {
    problems: [...problems, ...files.flatMap((file) => file.problems)],
    wordsFor(targets) {
      const evidence = targets.filter(isEvidence);
      const suppressions = evidence.flatMap((target) => {
        const known = ofTargets.get(target) ?? suppressionsOf(entries, target);
        ofTargets.set(target, known);
        return known;
      });
      return { suppressions, notes: evidence.length === 0 ? [] : notesOn(entries) };
    },
  };
}

const rule = 'supply-chain/vulnerability';

function suppressionsOf(
  entries: readonly IgnoreEntry[],
  target: ImageEvidence,
): readonly Suppression[] {
  const known = knownVulnerabilities(trusted(target));
  return entries.flatMap((entry) => {
    const meant = known.filter((vulnerability) => covers(entry, vulnerability));
    return meant.length === 0 ? [] : [suppressing(entry, meant, target.image.name)];
  });
}

function isEvidence(target: Target): target is ImageEvidence {
  return target.kind === 'imageEvidence';
}

function suppressing(
  { id, statement, until, location }: IgnoreEntry,
  meant: readonly KnownVulnerability[],
  image: string,
): Suppression {
  return {
    by: 'trivy',
    rule,
    reason: statement === '' ? `${location.file}, no reason given` : statement,
    reasonless: statement === '',
    until,
    // What a vulnerability is found as depends on policy; it is the same one all the same.
    anchors: meant.flatMap((vulnerability) =>
      gravities.map((messageId) => {
        const identity = identityOf(image, vulnerability);
        return fingerprintAnchor(fingerprintOf(rule, { messageId, identity, location: {} }));
      }),
    ),
    where: (): Location => location,
    name: `${id || 'an entry'} in ${location.file}`,
  };
}

/** What Trivy calls a vulnerability: a name with the year or the source in front. */
const vulnerabilityId = /^(?:CVE|GHSA|GO|RUSTSEC|PYSEC|OSV|DSA|DLA|ALSA|ELSA|RHSA|TEMP|NSWG|USN)-/i;

/** Entries that no rule here asks about. */
function notesOn(entries: readonly IgnoreEntry[]): readonly PeerNote[] {
  return entries.flatMap(({ kind, id, location }) =>
    id === '' || kind === 'vulnerability' || (kind === 'any' && vulnerabilityId.test(id))
      ? []
      : [
          {
            peer: 'trivy' as const,
            id: 'no-counterpart' as const,
            about: id,
            where: () => location,
          },
        ],
  );
}
